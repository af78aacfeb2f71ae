package io.millrace.engine;

import java.util.function.BooleanSupplier;

/** Works off the items of a mapped task, each of which can be done again while the others go on. */
sealed interface MapWork permits ItemQueue, Chunks {

  /** Whether {@link #advance} would start something, if it is let. */
  boolean canAdvance();

  /**
   * Starts what may start now.
   *
   * @param admits asked before each start
   */
  void advance(BooleanSupplier admits);

  /** Does an item again: what goes on of it is cancelled, and its end is waited for. */
  void again(int index);

  /** Drops an item that a person has marked: its execution is cancelled, and its end is ignored. */
  void drop(int index);

  /** Starts no more. */
  void stop();

  /** Whether nothing goes on, and nothing will. */
  boolean isDone();
}
