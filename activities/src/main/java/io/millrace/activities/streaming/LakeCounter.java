package io.millrace.activities.streaming;

import io.millrace.activities.lake.LakeObject;
import io.millrace.activities.lake.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Counts the lines in the lake, exactly: by reading its objects, each version of an object once.
 * Not thread-safe.
 */
public final class LakeCounter {
  private static final String PREFIX = "topics/";

  private final ObjectStore store;
  private final Map<LakeObject, Long> lines = new HashMap<>();

  public LakeCounter(ObjectStore store) {
    this.store = store;
  }

  /**
   * What there is in a bucket.
   *
   * @param objects published objects
   * @param lines their lines, one for each event
   */
  public record Count(long objects, long lines) {}

  /** Counts the objects below {@code topics/} and their lines. */
  public Count count(String bucket) {
    long[] totals = new long[2];
    store.list(
        bucket,
        PREFIX,
        object -> {
          if (object.key().endsWith(".json.gz") || object.key().endsWith(".json")) {
            totals[0]++;
            totals[1] += lines.computeIfAbsent(object, this::read);
          }
        });
    return new Count(totals[0], totals[1]);
  }

  private long read(LakeObject object) {
    Optional<InputStream> opened = store.open(object);
    if (opened.isEmpty()) {
      return 0;
    }
    try (InputStream raw = opened.get();
        InputStream in = object.key().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return lines(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + object.key() + ": " + e.getMessage(), e);
    }
  }

  /** A last line without a line break counts too. */
  static long lines(InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long lines = 0;
    byte last = '\n';
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (int i = 0; i < read; i++) {
        if (buffer[i] == '\n') {
          lines++;
        }
      }
      last = read > 0 ? buffer[read - 1] : last;
    }
    return last == '\n' ? lines : lines + 1;
  }
}
