package io.millrace.engine.payload;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.common.v1.Payload;
import java.util.Map;

/** A payload that holds another one, changed somehow: its encoding says how. */
final class Envelope {

  private static final String ENCODING = "encoding";
  private static final String VERSION = "millrace-version";

  /** Of the format of all envelopes; a reader refuses those that it does not know. */
  private static final String CURRENT = "1";

  private Envelope() {}

  static boolean is(Payload payload, String encoding) {
    ByteString given = payload.getMetadataMap().get(ENCODING);
    return given != null && given.toStringUtf8().equals(encoding);
  }

  static Payload of(String encoding, Map<String, String> metadata, ByteString data) {
    Payload.Builder payload = Payload.newBuilder().setData(data);
    payload.putMetadata(ENCODING, ByteString.copyFromUtf8(encoding));
    payload.putMetadata(VERSION, ByteString.copyFromUtf8(CURRENT));
    metadata.forEach((key, value) -> payload.putMetadata(key, ByteString.copyFromUtf8(value)));
    return payload.build();
  }

  /** A field of the metadata that must be there. */
  static String field(Payload payload, String name) {
    ByteString value = payload.getMetadataMap().get(name);
    if (value == null) {
      throw new UnreadablePayloadException(
          "The payload has no metadata '%s', so it was not written by Millrace, or was damaged"
              .formatted(name));
    }
    return value.toStringUtf8();
  }

  /**
   * Refuses formats of the future.
   *
   * @throws UnreadablePayloadException if the payload was written by a newer version
   */
  static void requireKnownVersion(Payload payload) {
    String version = field(payload, VERSION);
    if (!version.equals(CURRENT)) {
      throw new UnreadablePayloadException(
          ("The payload has format %s, this worker reads %s: it was written by a newer worker;"
                  + " update this one")
              .formatted(version, CURRENT));
    }
  }

  /** The payload inside. */
  static Payload open(byte[] bytes, String what) {
    try {
      return Payload.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UnreadablePayloadException(
          "The content of a %s payload is no payload: it was damaged".formatted(what), e);
    }
  }
}
