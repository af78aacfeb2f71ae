package io.millrace.engine.payload;

import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import java.util.List;

/** A codec that looks at one payload at a time. */
abstract class EachPayload implements PayloadCodec {

  abstract Payload encode(Payload payload);

  /** Undoes {@link #encode(Payload)}; returns what it did not make as it is. */
  abstract Payload decode(Payload payload);

  @Override
  public final List<Payload> encode(List<Payload> payloads) {
    return payloads.stream().map(this::encode).toList();
  }

  @Override
  public final List<Payload> decode(List<Payload> payloads) {
    return payloads.stream().map(this::decode).toList();
  }
}
