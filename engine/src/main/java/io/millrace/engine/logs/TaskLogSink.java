package io.millrace.engine.logs;

import org.jspecify.annotations.Nullable;

/**
 * Where the log of each try goes. Called on the thread of the activity, so it must neither block
 * nor throw. Safe for use by many threads.
 */
@FunctionalInterface
public interface TaskLogSink {

  /** Keeps nothing. */
  TaskLogSink NONE = tried -> new Capture("", failure -> {});

  /** A try begins. */
  Capture begin(TaskTry tried);

  /**
   * The log of a try that runs.
   *
   * @param id unique in this process; it is in the log context {@link TaskLogInterceptor#CAPTURE}
   *     of every line that belongs to the try
   * @param end called once, when the try has ended
   */
  record Capture(String id, End end) {}

  /** The end of a try. */
  @FunctionalInterface
  interface End {

    /** Tells how it ended: null for a success. */
    void ended(@Nullable Throwable failure);
  }
}
