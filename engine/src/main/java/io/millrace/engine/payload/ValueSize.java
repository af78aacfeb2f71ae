package io.millrace.engine.payload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.MessageLite;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.common.converter.RawValue;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Measures values as the SDK's own converter would write them, without keeping what it writes. */
final class ValueSize {

  private static final ObjectMapper MAPPER = JacksonJsonPayloadConverter.newDefaultObjectMapper();

  private ValueSize() {}

  /**
   * The bytes of a value's JSON, or of its binary form if it has one.
   *
   * @param enough where counting stops: the answer is then larger than this
   * @return 0 for what cannot be written, which the SDK refuses with a message of its own
   */
  static long of(@Nullable Object value, long enough) {
    if (value == null || value instanceof EncodedValues) {
      return 0;
    }
    if (value instanceof CharSequence text && text.length() > enough) {
      return Math.max(text.length(), enough + 1);
    }
    if (value instanceof byte[] bytes) {
      return bytes.length;
    }
    if (value instanceof RawValue raw) {
      return raw.getPayload().getSerializedSize();
    }
    if (value instanceof MessageLite message) {
      return message.getSerializedSize();
    }
    Counter counter = new Counter(enough);
    try {
      MAPPER.writeValue(counter, value);
    } catch (IOException e) {
      return counter.count > enough ? counter.count : 0;
    }
    return counter.count;
  }

  private static final class Counter extends OutputStream {
    private final long enough;
    private long count;

    private Counter(long enough) {
      this.enough = enough;
    }

    @Override
    public void write(int one) throws IOException {
      add(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      add(length);
    }

    private void add(int length) throws IOException {
      count += length;
      if (count > enough) {
        throw new IOException("enough");
      }
    }
  }
}
