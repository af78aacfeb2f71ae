package io.millrace.engine.payload;

import io.temporal.failure.ApplicationFailure;

/** The failure of a value that cannot be sent; the same words wherever that is found out. */
final class TooLarge {

  private static final String REFERENCE =
      "Write it to the object store and pass a reference (address, row count, checksum), or split"
          + " the task";

  private TooLarge() {}

  /** For workers whose values lie in the history. */
  static ApplicationFailure withoutStore(String what, long size, long limit) {
    return failure(
        what,
        size,
        limit,
        "that holds without a blob store. %s; or give workers and clients a blob store"
                .formatted(REFERENCE)
            + " (DagPayloads.converter, docs/payloads.md), which takes values of up to 64 MB.");
  }

  /** For a heartbeat, which is better kept small than stored. */
  static ApplicationFailure heartbeat(String what, long size, long limit) {
    return failure(
        what,
        size,
        limit,
        "for a heartbeat without a blob store. Write the progress to a table or the object store"
            + " and let the heartbeat say where it is.");
  }

  /** For workers with a blob store. */
  static ApplicationFailure withStore(String what, long size, long limit) {
    return failure(
        what,
        size,
        limit,
        "of the blob store. %s; payloads.max-size raises the limit, at the cost of memory."
            .formatted(REFERENCE));
  }

  private static ApplicationFailure failure(String what, long size, long limit, String remedy) {
    return ApplicationFailure.newNonRetryableFailure(
        "%s is %,d bytes, more than the limit of %,d bytes %s".formatted(what, size, limit, remedy),
        DagPayloads.TOO_LARGE);
  }
}
