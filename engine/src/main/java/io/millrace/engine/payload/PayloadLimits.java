package io.millrace.engine.payload;

/**
 * How large a value may be that goes into a run's history without a blob store, in bytes of its
 * encoded form.
 *
 * <p>They follow from what Temporal allows: 2 MB a payload, 4 MB a message and a transaction, 50 MB
 * a history, 8 MB for what it keeps of an open run. A run's first 64 tasks that are no items of a
 * map may return four times as much as the others: 64 results of 256 KB and 436 of 64 KB at once
 * are 44 MB, so that a map of full width cannot end its run. With a blob store ({@link
 * DagPayloads}) these limits do not apply: a large value lies in the store and the history holds a
 * reference.
 *
 * @param result of a mapped item, and of a task after the first 64; 64 KB by default. Raise it, up
 *     to 1 MB, where fewer tasks of a run return large values: their sum must stay below 50 MB
 */
public record PayloadLimits(int result) {

  /** How many tasks of a run may return more. */
  static final int FIRST_TASKS = 64;

  /**
   * The most that the arguments of one call, or the result or the input of one run, may be: 1 MB.
   */
  public static final int ARGUMENTS = 1 << 20;

  /**
   * The most that the details of one heartbeat may be: 16 KB. The server keeps those of all tasks
   * that run in one record a run.
   */
  public static final int HEARTBEAT = 16 << 10;

  /** The most that a local task may return: 4 KB. Up to 500 of them travel in one message. */
  public static final int LOCAL_RESULT = 4 << 10;

  /** 64 KB for the result of an item, 256 KB for that of a task. */
  public static final PayloadLimits DEFAULT = new PayloadLimits(64 << 10);

  public PayloadLimits {
    if (result < LOCAL_RESULT || result > ARGUMENTS) {
      throw new IllegalArgumentException(
          "The limit of a result must be %,d to %,d bytes, but is %,d"
              .formatted(LOCAL_RESULT, ARGUMENTS, result));
    }
  }

  /** The most that one of a run's first tasks may return. */
  int firstResult() {
    return Math.min(ARGUMENTS, 4 * result);
  }
}
