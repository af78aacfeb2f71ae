package io.millrace.activities.streaming;

import io.millrace.core.input.Unpacked;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file, read once from start to end, that knows how far it has been read. */
final class CountedFile extends FilterInputStream {
  private final long size;
  private long position;

  private CountedFile(InputStream in, long size) {
    super(in);
    this.size = size;
  }

  static CountedFile open(Path path) throws IOException {
    return new CountedFile(Files.newInputStream(path), Files.size(path));
  }

  long size() {
    return size;
  }

  long position() {
    return position;
  }

  /** The text in it, plain or gzip. */
  InputStream text() throws IOException {
    return Unpacked.of(this);
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    position += read < 0 ? 0 : 1;
    return read;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    position += Math.max(0, read);
    return read;
  }
}
