package io.millrace.engine.replay;

import io.millrace.engine.replay.Comparison.Difference;
import io.temporal.common.converter.DataConverter;
import io.temporal.workflow.WorkflowInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says where a recorded call and the code's are not the same. */
final class Mismatch {

  private static final Logger logger = LoggerFactory.getLogger(Mismatch.class);
  private static final int MAX_TEXT = 300;

  private Mismatch() {}

  /**
   * Compares two calls: the activity or workflow type and, of a task, its id and its arguments.
   *
   * @param converter what the run's summaries are encoded with
   * @return null if they agree
   */
  static @Nullable CodeChangedError of(
      Recorded recorded, CurrentCall call, WorkflowInfo run, DataConverter converter) {
    String summary = summary(recorded, converter);
    // Not all servers keep the summary of a child run; the calls have the same id.
    String name = summary == null && recorded.childId() != null ? call.summary() : summary;
    boolean sameType = recorded.type().equals(call.type());
    boolean sameTask =
        summary == null || call.summary() == null || TaskNames.isSameCall(summary, call.summary());
    Difference difference =
        sameType && sameTask && call.isTask() ? Arguments.difference(recorded, call) : null;
    if (sameType && sameTask && difference == null) {
      return null;
    }
    return new CodeChangedError(
        ("Non-deterministic change of DAG %s: its history has %s with arguments %s"
                + " (run %s, event %d) where the code now has %s with arguments %s%s; %s")
            .formatted(
                run.getWorkflowType(),
                task(name, recorded.type(), sameType),
                Arguments.text(recorded),
                run.getWorkflowId(),
                recorded.eventId(),
                task(call.summary(), call.type(), sameType),
                Arguments.text(call, recorded),
                difference == null ? "" : ", which differ at arguments" + difference.place(),
                CodeChangedError.REMEDY));
  }

  private static String task(@Nullable String summary, String type, boolean sameType) {
    if (summary == null) {
      return "activity '%s'".formatted(type);
    }
    return sameType
        ? "task '%s'".formatted(summary)
        : "task '%s' (activity '%s')".formatted(summary, type);
  }

  private static @Nullable String summary(Recorded recorded, DataConverter converter) {
    if (recorded.summary() == null) {
      return null;
    }
    try {
      return converter.fromPayload(recorded.summary(), String.class, String.class);
    } catch (RuntimeException e) {
      logger.warn(
          "The summary of event {} cannot be read, so it is not compared with the code",
          recorded.eventId(),
          e);
      return null;
    }
  }

  static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
  }
}
