package io.millrace.engine.payload;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Compresses (zlib, RFC 1950, which has a checksum) what is large and becomes smaller by it. */
final class Compression extends EachPayload {

  static final String ENCODING = "binary/millrace-zlib";

  private static final String SIZE = "millrace-size";
  private static final int BUFFER = 64 << 10;

  private final int above;
  private final int max;

  /**
   * Creates a codec.
   *
   * @param above payloads up to this many bytes are left alone
   * @param max what inflates to more is refused, lest a small payload fill the memory
   */
  Compression(int above, int max) {
    this.above = above;
    this.max = max + BUFFER; // a payload is its data, which the limit is about, and its metadata
  }

  @Override
  Payload encode(Payload payload) {
    if (payload.getSerializedSize() <= above) {
      return payload;
    }
    byte[] bytes = payload.toByteArray();
    ByteString compressed = deflate(bytes);
    Payload smaller =
        Envelope.of(ENCODING, Map.of(SIZE, Integer.toString(bytes.length)), compressed);
    return smaller.getSerializedSize() < bytes.length ? smaller : payload;
  }

  @Override
  Payload decode(Payload payload) {
    if (!Envelope.is(payload, ENCODING)) {
      return payload;
    }
    Envelope.requireKnownVersion(payload);
    return Envelope.open(inflate(payload), "compressed");
  }

  private static ByteString deflate(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteString.Output out = ByteString.newOutput(Math.max(BUFFER, bytes.length / 4));
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteString();
    } finally {
      deflater.end();
    }
  }

  private byte[] inflate(Payload payload) {
    String stated = Envelope.field(payload, SIZE);
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(payload.getData().toByteArray());
      ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER);
      byte[] buffer = new byte[BUFFER];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 && !inflater.finished()) {
          throw new UnreadablePayloadException(
              "A compressed payload was damaged: it ends too soon");
        }
        out.write(buffer, 0, count);
        requireBelowLimit(out.size());
      }
      if (!Integer.toString(out.size()).equals(stated)) {
        throw new UnreadablePayloadException(
            "A compressed payload has %d bytes instead of %s: it was damaged"
                .formatted(out.size(), stated));
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new UnreadablePayloadException("A compressed payload was damaged", e);
    } finally {
      inflater.end();
    }
  }

  private void requireBelowLimit(int size) {
    if (size > max) {
      throw new UnreadablePayloadException(
          ("A compressed payload has more than the limit of %,d bytes; if it is genuine, raise"
                  + " payloads.max-size on this worker to that of the one that wrote it")
              .formatted(max));
    }
  }
}
