package io.millrace.workflows.registry;

import io.millrace.workflows.training.CandidateRef;
import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.training.Evaluation;
import io.millrace.workflows.training.GateReport;
import io.millrace.workflows.tuning.TuningResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a registered version remembers about how it came to be.
 *
 * @param workflowId of the training run
 * @param temporalRunId of the training run: the idempotency key of the registration
 * @param startedAt when the run started; names its MLflow experiment
 * @param gitSha of the code that trained, or null if nobody said
 */
public record RegistrationRequest(
    String modelName,
    String workflowId,
    String temporalRunId,
    Instant startedAt,
    TuningResult tuning,
    CandidateRef candidate,
    GateReport gate,
    @Nullable String gitSha) {

  /** The rows it was trained and judged on. */
  public DatasetRef dataset() {
    return tuning.dataset();
  }

  /** What the gate's decision was based on. */
  public Evaluation evaluation() {
    return gate.evaluation();
  }
}
