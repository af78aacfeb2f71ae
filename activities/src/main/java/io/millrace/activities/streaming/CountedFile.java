package io.millrace.activities.streaming;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A file, read once from start to end, that knows how far it has been read. */
final class CountedFile extends FilterInputStream {
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final int BUFFER = 1 << 16;

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

  /** The content, unpacked if its first two bytes are those of gzip. */
  InputStream unpacked() throws IOException {
    InputStream buffered = new BufferedInputStream(this, BUFFER);
    buffered.mark(2);
    boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, BUFFER) : buffered;
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
