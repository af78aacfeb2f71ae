package io.millrace.engine.backfill;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * Runs every nominal time of a range once, some at a time.
 *
 * <p>A run has the id that the schedule gives to the same date, so that none runs twice, whoever
 * starts it and however often this workflow or its worker dies. A run that fails does not stop the
 * others. Terminating the backfill leaves its active runs alone; cancelling it cancels them.
 */
@WorkflowInterface
public interface Backfill {

  /** The workflow type. */
  String TYPE = "millrace_backfill";

  /**
   * Runs to the end.
   *
   * @param request what to run
   * @param progress null; the workflow itself gives it when it continues as a new run
   * @return how it ended, if no run failed
   */
  @WorkflowMethod(name = TYPE)
  BackfillReport run(BackfillRequest request, @Nullable BackfillProgress progress);

  /** How it stands. */
  @QueryMethod(name = "backfill")
  BackfillReport report();

  /** Starts no more runs until {@link #resume}; those that are active go on. */
  @UpdateMethod
  String pause(Reason reason);

  @UpdateValidatorMethod(updateName = "pause")
  void validatePause(Reason reason);

  /** Goes on after a pause. */
  @UpdateMethod
  String resume();

  @UpdateValidatorMethod(updateName = "resume")
  void validateResume();

  /** Starts no more runs, and ends when those that are active have ended. */
  @UpdateMethod
  String cancel(Cancel cancel);

  @UpdateValidatorMethod(updateName = "cancel")
  void validateCancel(Cancel cancel);

  /** Changes how many runs are active at the same time; a lower limit waits for runs to end. */
  @UpdateMethod
  String setMaxActive(int most);

  @UpdateValidatorMethod(updateName = "setMaxActive")
  void validateSetMaxActive(int most);

  /**
   * Why an operation is made.
   *
   * @param reason in words, or null
   * @param by who, or null
   */
  record Reason(@Nullable String reason, @Nullable String by) {

    String words() {
      String why = reason == null || reason.isBlank() ? "no reason given" : reason;
      return by == null || by.isBlank() ? why : "%s (by %s)".formatted(why, by);
    }
  }

  /**
   * How to cancel.
   *
   * @param keepActive whether the runs that are active may end in peace; else they are cancelled
   */
  record Cancel(boolean keepActive, @Nullable String reason, @Nullable String by) {

    String words() {
      return new Reason(reason, by).words();
    }
  }
}
