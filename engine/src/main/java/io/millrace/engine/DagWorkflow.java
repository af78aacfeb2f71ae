package io.millrace.engine;

import io.millrace.engine.asset.AssetEvent;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.util.List;
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

  private final Events events = new Events();
  private List<AssetEvent> triggeringEvents = List.of();
  private @Nullable DagRun run;

  /** The params of a run that was started with none. */
  protected abstract P defaults();

  /** Builds the graph. Must be deterministic: it is built again at every replay. */
  protected abstract void define(Dag graph, P params, DataInterval interval);

  /** The asset events that are the reason for this run; none for a run by the clock or by hand. */
  protected final List<AssetEvent> triggeringEvents() {
    return triggeringEvents;
  }

  /**
   * The workflow method of every DAG. It takes its input undecoded, so that a wrong field fails the
   * run with type {@code InvalidParams} and a message that names it. Fields that are left out have
   * their defaults.
   */
  public final RunReport run(@Nullable RawValue params) {
    String dagId = Workflow.getInfo().getWorkflowType();
    return start(Params.read(dagId, params, defaults()), Params.options(dagId, params));
  }

  /**
   * The workflow method of a DAG whose interface declares the params' own type. The SDK decodes
   * them then: it ignores unknown fields, and on a wrong type the run hangs in its first step.
   * Prefer {@link #run(RawValue)}.
   */
  public final RunReport run(@Nullable P params) {
    return start(params == null ? defaults() : params, RunOptions.NONE);
  }

  private RunReport start(P params, RunOptions options) {
    RunInfo info = RunInfo.ofCurrentRun(params, options);
    triggeringEvents = options.triggeringEvents();
    Dag graph = new Dag();
    DagRun current;
    try {
      define(graph, params, info.interval());
      current = new DagRun(info, graph, events);
    } catch (TemporalFailure e) {
      throw e;
    } catch (RuntimeException e) {
      // Thrown as it is, it would fail the workflow task for ever.
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          "The graph cannot be built: " + e.getMessage(), INVALID_DAG, e);
    }
    run = current;
    return current.execute();
  }

  @Override
  public final RunReport report() {
    return run().report();
  }

  @Override
  public final String answer(GateAnswer answer) {
    return operations().answer(answer);
  }

  @Override
  public final void validateAnswer(GateAnswer answer) {
    operations().validateAnswer(answer);
  }

  @Override
  public final List<String> clear(Clear request) {
    return operations().clear(request);
  }

  @Override
  public final void validateClear(Clear request) {
    operations().validateClear(request);
  }

  @Override
  public final String mark(Mark request) {
    return operations().mark(request);
  }

  @Override
  public final void validateMark(Mark request) {
    operations().validateMark(request);
  }

  @Override
  public final String hold(Hold request) {
    return operations().hold(request);
  }

  @Override
  public final void validateHold(Hold request) {
    operations().validateHold(request);
  }

  @Override
  public final String release(Hold request) {
    return operations().release(request);
  }

  @Override
  public final void validateRelease(Hold request) {
    operations().validateRelease(request);
  }

  @Override
  public final void event(ExternalEvent event) {
    if (run == null || !run.deliver(event)) {
      events.keep(event);
    }
  }

  private Operations operations() {
    return run().operations();
  }

  private DagRun run() {
    if (run == null) {
      throw new IllegalStateException("The run has not built its graph yet; try again");
    }
    return run;
  }
}
