package io.millrace.engine.logs;

import io.millrace.engine.payload.BlobStore;
import io.millrace.engine.payload.BlobStoreException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads what {@link StoredTaskLogs} has stored. Every method throws {@link
 * BlobStoreException} if the store cannot be reached.
 */
public final class TaskLogs {

  private final BlobStore store;

  public TaskLogs(BlobStore store) {
    this.store = store;
  }

  /**
   * The log of a try.
   *
   * @param tried which
   * @param number which try of its task or item it is, from 1, over all clears
   * @param key of the blob
   * @param writtenAt when it was last written
   */
  public record Stored(TaskTry tried, int number, String key, Instant writtenAt) {}

  /**
   * A log as it is now.
   *
   * @param text its lines
   * @param ended whether the try has ended: else it runs, or its worker is gone
   */
  public record Content(String text, boolean ended) {}

  /**
   * The tries of a run that are stored, in the order in which they were scheduled.
   *
   * @param task of this task alone, or null
   */
  public List<Stored> tries(String dag, String run, @Nullable String task) {
    List<Stored> found = new ArrayList<>();
    Map<String, Integer> numbers = new HashMap<>();
    try (Stream<BlobStore.Blob> blobs = store.list(LogKeys.task(dag, run, task))) {
      blobs
          .flatMap(
              blob ->
                  LogKeys.parse(blob.key()).stream()
                      .map(tried -> new Stored(tried, 0, blob.key(), blob.writtenAt())))
          .sorted(
              Comparator.comparing((Stored log) -> log.tried().scheduledAt())
                  .thenComparing(log -> log.tried().label())
                  .thenComparing(log -> log.tried().attempt()))
          .forEach(
              log ->
                  found.add(
                      new Stored(
                          log.tried(),
                          numbers.merge(log.tried().label(), 1, Integer::sum),
                          log.key(),
                          log.writtenAt())));
    }
    return found;
  }

  /** Reads a log; one that was deleted meanwhile is empty. */
  public Content read(Stored log) {
    String text =
        store.get(log.key()).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    int last = text.lastIndexOf('\n', Math.max(0, text.length() - 2)) + 1;
    return new Content(text, text.startsWith(TaskLogWriter.ENDED, last));
  }

  /**
   * Deletes the logs that were last written before a time; can be repeated, and run by several at
   * once.
   *
   * @return how many
   */
  public long deleteBefore(Instant time) {
    try (Stream<BlobStore.Blob> blobs = store.list("dag_id=")) {
      return blobs
          .filter(blob -> blob.writtenAt().isBefore(time))
          .peek(blob -> store.delete(blob.key()))
          .mapToLong(blob -> 1)
          .sum();
    }
  }
}
