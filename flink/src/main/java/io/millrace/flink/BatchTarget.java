package io.millrace.flink;

import java.util.List;

/** A server that takes many writes at once, and the same ones again without harm. */
public interface BatchTarget<T> extends AutoCloseable {

  /**
   * What became of a batch.
   *
   * @param changed how many writes changed something
   * @param refused a text for each write that the server will never take, which names the write and
   *     the reason; these were left out, and all others were done
   */
  record Outcome(int changed, List<String> refused) {
    /** Copies the list. */
    public Outcome {
      refused = List.copyOf(refused);
    }

    /** Of a batch of which every write was taken. */
    public Outcome(int changed) {
      this(changed, List.of());
    }
  }

  /**
   * Writes in the order given.
   *
   * @throws TargetAwayException if the server is away or refuses for now; any part may have been
   *     written
   */
  Outcome apply(List<T> writes) throws TargetAwayException, InterruptedException;

  /** About how many bytes the write has; a batch is sent when it has enough of them. */
  int bytes(T write);

  @Override
  void close();
}
