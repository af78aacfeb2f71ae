package io.millrace.activities.lake;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows in PostgreSQL's binary COPY format, which spares both sides the text.
 *
 * <p>Source: PostgreSQL documentation, COPY, "Binary Format".
 */
final class BinaryCopy {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int FLUSH_BYTES = 1 << 16;
  private static final long POSTGRES_EPOCH_SECOND = 946_684_800L; // 2000-01-01T00:00:00Z

  private final CopyIn copy;
  private byte[] buffer = new byte[FLUSH_BYTES * 2];
  private int size;

  BinaryCopy(CopyIn copy) {
    this.copy = copy;
    System.arraycopy(HEADER, 0, buffer, 0, HEADER.length);
    size = HEADER.length;
  }

  /** Begins a row of so many fields. */
  void row(int fields) throws SQLException {
    if (size >= FLUSH_BYTES) {
      flush();
    }
    room(2);
    buffer[size++] = (byte) (fields >> 8);
    buffer[size++] = (byte) fields;
  }

  void int8(long value) {
    room(12);
    int4(8);
    int4((int) (value >> 32));
    int4((int) value);
  }

  void nullableInt8(@Nullable Long value) {
    if (value == null) {
      room(4);
      int4(-1);
    } else {
      int8(value);
    }
  }

  void float8(double value) {
    int8(Double.doubleToRawLongBits(value));
  }

  /** Microseconds since 2000, as timestamptz is stored. */
  void timestamptz(Instant value) {
    int8((value.getEpochSecond() - POSTGRES_EPOCH_SECOND) * 1_000_000 + value.getNano() / 1_000);
  }

  void bytea(byte[] value) {
    room(4 + value.length);
    int4(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
  }

  void text(@Nullable String value) {
    if (value == null) {
      room(4);
      int4(-1);
      return;
    }
    bytea(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Ends the copy and gives the number of rows. */
  long finish() throws SQLException {
    room(2);
    buffer[size++] = (byte) 0xFF;
    buffer[size++] = (byte) 0xFF;
    flush();
    return copy.endCopy();
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer, 0, size);
    size = 0;
  }

  private void int4(int value) {
    buffer[size] = (byte) (value >> 24);
    buffer[size + 1] = (byte) (value >> 16);
    buffer[size + 2] = (byte) (value >> 8);
    buffer[size + 3] = (byte) value;
    size += 4;
  }

  private void room(int bytes) {
    if (buffer.length - size < bytes) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
    }
  }
}
