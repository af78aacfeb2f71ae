package io.millrace.engine;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;

/** What every run answers to, from the Web UI, the Temporal CLI or {@code millrace}. */
public interface DagRunOps {

  /** Reports each task's state now. */
  @QueryMethod(name = "run")
  RunReport report();

  /**
   * Answers a gate.
   *
   * @param answer the gate, the option and who chose it
   * @return a sentence that says what was taken
   */
  @UpdateMethod(name = "answer")
  String answer(GateAnswer answer);

  /** Refuses an unknown gate, an unknown option, and a gate that does not wait. */
  @UpdateValidatorMethod(updateName = "answer")
  void validateAnswer(GateAnswer answer);

  /**
   * An answer to a gate.
   *
   * @param gate the gate's task id
   * @param option one of the gate's options
   * @param by who answers
   */
  record GateAnswer(String gate, String option, String by) {}
}
