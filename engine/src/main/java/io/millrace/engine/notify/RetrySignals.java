package io.millrace.engine.notify;

import io.temporal.workflow.SignalMethod;

/** The signal by which a worker lets a run know that an attempt has failed. */
public interface RetrySignals {

  /** The signal's name. */
  String NAME = "millrace_retry";

  /** A try has failed, and another one will follow. */
  @SignalMethod(name = NAME)
  void retried(Retry retry);

  /**
   * A try that failed.
   *
   * @param task {@code task} or {@code task[item]}
   * @param attempt which try it was, from 1
   * @param why what it said
   */
  record Retry(String task, int attempt, String why) {}
}
