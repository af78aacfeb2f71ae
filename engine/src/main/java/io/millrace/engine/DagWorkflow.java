package io.millrace.engine;

import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/**
 * Base of a DAG's workflow: the workflow type is the DAG's name.
 *
 * <pre>{@code
 * @WorkflowInterface
 * public interface Nightly extends DagRunOps {
 *   @WorkflowMethod(name = "nightly")
 *   RunReport run(@Nullable NightlyParams params);
 * }
 *
 * public final class NightlyImpl extends DagWorkflow<NightlyParams> implements Nightly {
 *   protected NightlyParams defaults() { return NightlyParams.DEFAULT; }
 *   protected void define(Dag dag, NightlyParams params, DataInterval interval) { ... }
 * }
 * }</pre>
 *
 * <p>A run started with no input uses {@link #defaults}. A run whose leaves succeeded or were
 * skipped completes with its report; otherwise it fails with type {@code DagRunFailed}, whose
 * message names the failed tasks.
 *
 * @param <P> the params: a record whose compact constructor checks them
 */
public abstract class DagWorkflow<P> implements DagRunOps {

  private @Nullable DagRun run;
  private @Nullable Dag dag;

  /** The params of a run that was started with none. */
  protected abstract P defaults();

  /** Builds the graph. Must be deterministic: it is built again at every replay. */
  protected abstract void define(Dag graph, P params, DataInterval interval);

  /** The workflow method of every DAG. */
  public final RunReport run(@Nullable P params) {
    DataInterval interval = DataInterval.ofCurrentRun();
    Dag graph = new Dag();
    define(graph, params == null ? defaults() : params, interval);
    dag = graph;
    DagRun current = new DagRun(Workflow.getInfo().getWorkflowType(), interval, graph);
    run = current;
    return current.execute();
  }

  @Override
  public final RunReport report() {
    if (run == null) {
      throw new IllegalStateException("The run has not built its graph yet; try again");
    }
    return run.report();
  }

  @Override
  public final String answer(GateAnswer answer) {
    gate(answer.gate()).answer(answer.option(), answer.by());
    return "%s: %s".formatted(answer.gate(), answer.option());
  }

  @Override
  public final void validateAnswer(GateAnswer answer) {
    Gate gate = gate(answer.gate());
    if (gate.state() != NodeState.AWAITING_INPUT) {
      throw new IllegalArgumentException(
          "Gate '%s' does not wait for an answer: it is %s"
              .formatted(answer.gate(), gate.state().words()));
    }
    if (!gate.choices().contains(answer.option())) {
      throw new IllegalArgumentException(
          "'%s' is no option of gate '%s'; choose one of %s"
              .formatted(answer.option(), answer.gate(), gate.choices()));
    }
  }

  private Gate gate(String id) {
    if (dag != null && dag.nodes().get(id) instanceof Gate gate) {
      return gate;
    }
    throw ApplicationFailure.newNonRetryableFailure(
        "The run has no gate '%s'".formatted(id), "UnknownGate");
  }
}
