package io.millrace.engine.payload;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.payload.codec.PayloadCodec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What tests of codecs need. */
final class Coding {

  static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  private Coding() {}

  static Payload encode(PayloadCodec codec, Payload payload) {
    return codec.encode(List.of(payload)).get(0);
  }

  static Payload decode(PayloadCodec codec, Payload payload) {
    return codec.decode(List.of(payload)).get(0);
  }

  static Payload payload(byte[] data) {
    return Payload.newBuilder()
        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
        .setData(ByteString.copyFrom(data))
        .build();
  }

  static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  static byte[] key(int seed) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) seed);
    return key;
  }
}
