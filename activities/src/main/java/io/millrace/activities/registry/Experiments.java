package io.millrace.activities.registry;

import io.millrace.workflows.registry.RegistrationRequest;
import io.millrace.workflows.tuning.TuningRequest;
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

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  private Experiments() {}

  /** The experiment of a study: its model's, or one of its own. */
  static String tuning(TuningRequest request) {
    String model = request.experiment();
    return model == null ? "xgb_tune_" + STAMP.format(request.startedAt()) : model;
  }

  /** The name of a study's run. */
  static String tuningRun(TuningRequest request) {
    String dagRun = request.dagRun();
    return dagRun == null ? request.study() : named(request.startedAt(), "tuning", dagRun);
  }

  /** The name of the run that trained a version. */
  static String finalRun(RegistrationRequest request) {
    return named(request.startedAt(), "model", request.workflowId());
  }

  private static String named(Instant startedAt, String what, String dagRun) {
    return "%s %s of %s".formatted(MINUTE.format(startedAt), what, dagRun);
  }
}
