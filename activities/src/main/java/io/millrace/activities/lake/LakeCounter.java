package io.millrace.activities.lake;

import io.millrace.core.events.EventReader;
import io.millrace.core.input.JsonRecords;
import io.millrace.core.input.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts the records in the lake, exactly: by reading its objects as the loader does, each version
 * of an object once. Not thread-safe.
 */
public final class LakeCounter {
  private static final String PREFIX = "topics/";

  private final ObjectStore store;
  private final Map<LakeObject, Long> records = new HashMap<>();

  /** Uses, and does not close, the store. */
  public LakeCounter(ObjectStore store) {
    this.store = store;
  }

  /**
   * What there is in a bucket.
   *
   * @param objects published objects
   * @param lines their records, one for each event
   */
  public record Count(long objects, long lines) {}

  /**
   * Counts the objects below {@code topics/} and their records.
   *
   * @throws UncheckedIOException naming an object that is damaged
   */
  public Count count(String bucket) {
    long[] totals = new long[2];
    store.list(
        bucket,
        PREFIX,
        object -> {
          if (NoData.reason(PREFIX, object.key()).isEmpty()) {
            totals[0]++;
            totals[1] += records.computeIfAbsent(object, this::read);
          }
        });
    return new Count(totals[0], totals[1]);
  }

  private long read(LakeObject object) {
    Optional<InputStream> opened = store.open(object);
    if (opened.isEmpty()) {
      return 0;
    }
    try (InputStream stored = opened.get()) {
      return count(stored);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + object.key() + ": " + e.getMessage(), e);
    }
  }

  static long count(InputStream stored) throws IOException {
    try (InputStream text = Unpacked.of(stored)) {
      JsonRecords found = JsonRecords.of(text, EventReader.MAX_VALIDATED_BYTES);
      long count = 0;
      while (found.next() != null) {
        count++;
      }
      return count;
    }
  }
}
