package io.millrace.core.input;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a text that are not blank. */
final class LineRecords implements JsonRecords {
  private final Lines lines;

  LineRecords(InputStream text, int limit) {
    lines = new Lines(text, limit);
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    byte[] line = lines.next();
    while (line != null && line.length == 0) {
      line = lines.next();
    }
    return line;
  }

  @Override
  public long number() {
    return lines.number();
  }

  @Override
  public long length() {
    return lines.length();
  }

  @Override
  public boolean areLines() {
    return true;
  }
}
