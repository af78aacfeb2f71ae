package io.millrace.engine.payload;

import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.stream.Stream;

/**
 * How long blobs are kept: longer than the histories that refer to them.
 *
 * <p>A history is kept for the namespace's retention after its run has ended, so what is left above
 * that is how long a run may take. With 30 days for the namespace and 60 for blobs, a result lasts
 * in every run that ends within 30 days of it.
 *
 * @param keep how long after it was written
 */
public record Retention(Duration keep) {

  /** What a clean-up did. */
  public record Swept(long payloads, long memos) {}

  /**
   * Checks the retention of blobs against that of histories.
   *
   * @param keep how long blobs are kept
   * @param histories how long the namespace keeps the histories of closed runs
   * @throws IllegalArgumentException if blobs would go before their histories
   */
  public static Retention of(Duration keep, Duration histories) {
    if (keep.compareTo(histories.plusDays(1)) < 0) {
      throw new IllegalArgumentException(
          ("payloads.retention is %d days, but histories are kept for %d days after their run has"
               + " ended: make it that plus the longest time that a run may take, at least one day")
              .formatted(keep.toDays(), histories.toDays()));
    }
    return new Retention(keep);
  }

  /** How long a namespace keeps the histories of closed runs, as the server says. */
  public static Duration ofNamespace(WorkflowServiceStubs service, String namespace) {
    return Duration.ofSeconds(
        service
            .blockingStub()
            .describeNamespace(
                DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build())
            .getConfig()
            .getWorkflowExecutionRetentionTtl()
            .getSeconds());
  }

  /** Deletes the blobs that are past it; can be repeated, and run by several at once. */
  public Swept sweep(BlobStore store) {
    return sweep(store, Clock.systemUTC());
  }

  Swept sweep(BlobStore store, Clock clock) {
    Instant before = clock.instant().minus(keep);
    try (Stream<BlobStore.Blob> payloads = store.list(ClaimCheck.PREFIX);
        Stream<BlobStore.Blob> memos = store.list(MemoStore.PREFIX)) {
      // Keys are in the order of their days, so the rest of the list need not be read.
      return new Swept(
          delete(store, payloads.takeWhile(blob -> !endOfDay(blob).isAfter(before))),
          delete(store, memos.filter(blob -> blob.writtenAt().isBefore(before))));
    }
  }

  private static long delete(BlobStore store, Stream<BlobStore.Blob> blobs) {
    return blobs.peek(blob -> store.delete(blob.key())).mapToLong(blob -> 1).sum();
  }

  private static Instant endOfDay(BlobStore.Blob blob) {
    String day = blob.key().substring(ClaimCheck.PREFIX.length()).replaceFirst("/.*", "");
    try {
      return LocalDate.parse(day).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalStateException(
          "Blob '%s' has no day in its key, so it is none of ours: move it out of %s"
              .formatted(blob.key(), ClaimCheck.PREFIX),
          e);
    }
  }
}
