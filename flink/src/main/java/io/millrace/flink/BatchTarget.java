package io.millrace.flink;

import java.util.List;

/** A server that takes many writes at once, and the same ones again without harm. */
public interface BatchTarget<T> extends AutoCloseable {

  /**
   * Writes in the order given.
   *
   * @return how many writes changed something
   * @throws TargetAwayException if the server is away or refuses; any part may have been written
   */
  int apply(List<T> writes) throws TargetAwayException, InterruptedException;

  @Override
  void close();
}
