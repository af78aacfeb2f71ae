package io.millrace.engine;

import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/**
 * Base of a DAG's workflow: the workflow type is the DAG's name.
 *
 * <pre>{@code
 * @WorkflowInterface
 * public interface Nightly extends DagRunOps {
 *   @WorkflowMethod(name = "nightly")
 *   RunReport run(@Nullable RawValue params);
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

  /** The failure type of a run whose graph could not be built. */
  static final String INVALID_DAG = "InvalidDag";

  private @Nullable DagRun run;
  private @Nullable Dag dag;

  /** The params of a run that was started with none. */
  protected abstract P defaults();

  /** Builds the graph. Must be deterministic: it is built again at every replay. */
  protected abstract void define(Dag graph, P params, DataInterval interval);

  /**
   * The workflow method of every DAG. It takes its input undecoded, so that a wrong field fails the
   * run with type {@code InvalidParams} and a message that names it. Fields that are left out have
   * their defaults.
   */
  public final RunReport run(@Nullable RawValue params) {
    return start(Params.read(Workflow.getInfo().getWorkflowType(), params, defaults()));
  }

  /**
   * The workflow method of a DAG whose interface declares the params' own type. The SDK decodes
   * them then: it ignores unknown fields, and on a wrong type the run hangs in its first step.
   * Prefer {@link #run(RawValue)}.
   */
  public final RunReport run(@Nullable P params) {
    return start(params == null ? defaults() : params);
  }

  private RunReport start(P params) {
    DataInterval interval = DataInterval.ofCurrentRun();
    Dag graph = new Dag();
    try {
      define(graph, params, interval);
    } catch (TemporalFailure e) {
      throw e;
    } catch (RuntimeException e) {
      // Thrown as it is, it would fail the workflow task for ever.
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          "The graph cannot be built: " + e.getMessage(), INVALID_DAG, e);
    }
    dag = graph;
    DagRun current =
        new DagRun(Workflow.getInfo().getWorkflowType(), interval, Params.show(params), graph);
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
