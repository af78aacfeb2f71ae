package io.millrace.activities.lake;

import io.millrace.core.events.EventReader;
import io.millrace.core.input.JsonRecords;
import io.millrace.core.input.Unpacked;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The lines of several objects as one gzip stream. The rule: what is read of it later is what is
 * read of the objects now, line by line.
 *
 * <p>An object's bytes cannot simply follow another's: it may be plain text or have a mark or
 * padding at an end, its last line may have no end, and one that is damaged would hide what follows
 * it. So each is read as the loader reads it, and written again; no line is changed.
 */
final class CompactedLines {
  private final ByteArrayOutputStream stored = new ByteArrayOutputStream();
  private final GZIPOutputStream gzip;
  private final byte[] buffer = new byte[1 << 16];

  CompactedLines() throws IOException {
    gzip = new GZIPOutputStream(stored, buffer.length);
  }

  /**
   * Adds an object's lines.
   *
   * @return false, and nothing is added, if it holds values or an array rather than lines
   * @throws io.millrace.core.input.UnreadableInputException if it is damaged or of another format
   */
  boolean add(byte[] object) throws IOException {
    try (InputStream text = text(object)) {
      if (!JsonRecords.of(text, EventReader.MAX_VALIDATED_BYTES).areLines()) {
        return false;
      }
    }
    try (InputStream text = text(object)) {
      byte last = '\n';
      for (int read = text.read(buffer); read >= 0; read = text.read(buffer)) {
        gzip.write(buffer, 0, read);
        last = read > 0 ? buffer[read - 1] : last;
      }
      if (last != '\n') {
        gzip.write('\n');
      }
    }
    return true;
  }

  private static InputStream text(byte[] object) throws IOException {
    return Unpacked.of(new ByteArrayInputStream(object));
  }

  /** All of it; nothing can be added any more. */
  byte[] stored() throws IOException {
    gzip.close();
    return stored.toByteArray();
  }
}
