package io.millrace.activities.registry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Names and tags that make MLflow's runs findable. */
final class Experiments {
  static final String PARENT_RUN = "mlflow.parentRunId";
  static final String SOURCE = "mlflow.source.name";
  static final String GIT_COMMIT = "mlflow.source.git.commit";
  static final String DESCRIPTION = "mlflow.note.content";

  /** The idempotency key of whatever made a run. */
  static final String KEY = "millrace.key";

  static final String TEMPORAL_RUN = "millrace.temporal_run_id";
  static final String TEMPORAL_WORKFLOW = "millrace.workflow_id";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withZone(ZoneOffset.UTC);

  private Experiments() {}

  static String tuning(Instant startedAt) {
    return "xgb_tune_" + STAMP.format(startedAt);
  }

  static String finalModel(Instant startedAt) {
    return "xgb_final_model_" + STAMP.format(startedAt);
  }
}
