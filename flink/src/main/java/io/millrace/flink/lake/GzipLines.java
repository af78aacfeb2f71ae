package io.millrace.flink.lake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes an object of JSON lines, gzip. Line breaks between the tokens of a message become blanks,
 * so that each message is one line.
 *
 * <p>A small object costs no compressor until it is finished: a replay of old data has many hours
 * open at once, with few lines each.
 */
final class GzipLines implements BulkWriter<LakeLine> {
  private static final int SMALL_BYTES = 1 << 16;

  private final OutputStream target;
  private final ByteArrayOutputStream small = new ByteArrayOutputStream();
  private @Nullable Gzip gzip;

  GzipLines(OutputStream target) {
    this.target = target;
  }

  /** One writer per object. */
  static BulkWriter.Factory<LakeLine> factory() {
    return new Factory();
  }

  @Override
  public void addElement(LakeLine line) throws IOException {
    byte[] json = line.json();
    OutputStream out = gzip == null ? small : gzip;
    int from = 0;
    for (int i = 0; i < json.length; i++) {
      if (json[i] == '\n' || json[i] == '\r') {
        out.write(json, from, i - from);
        out.write(' ');
        from = i + 1;
      }
    }
    out.write(json, from, json.length - from);
    out.write('\n');
    if (gzip == null && small.size() > SMALL_BYTES) {
      gzip = compressSmall();
    }
  }

  /** Does nothing: a part of a gzip stream is of no use to anyone. */
  @Override
  public void flush() {}

  @Override
  public void finish() throws IOException {
    Gzip all = gzip == null ? compressSmall() : gzip;
    all.finishAndRelease();
    target.flush();
  }

  private Gzip compressSmall() throws IOException {
    Gzip compressed = new Gzip(target);
    small.writeTo(compressed);
    small.reset();
    return compressed;
  }

  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream target) throws IOException {
      super(target, 1 << 13);
      def.setLevel(Deflater.BEST_SPEED);
    }

    /** Ends the stream but, as the contract of writers is, does not close the target. */
    void finishAndRelease() throws IOException {
      finish();
      def.end();
    }
  }

  private static final class Factory implements BulkWriter.Factory<LakeLine> {
    private static final long serialVersionUID = 1L;

    @Override
    public BulkWriter<LakeLine> create(FSDataOutputStream target) {
      return new GzipLines(target);
    }
  }
}
