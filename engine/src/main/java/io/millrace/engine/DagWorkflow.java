package io.millrace.engine;

import io.millrace.engine.asset.AssetEvent;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Objects;
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

  /** The failure type of a run that could not begin, or go on, with what it was given. */
  static final String INVALID_RUN = "InvalidRun";

  /** The refusal of a question that comes before the graph is there. */
  static final String NOT_BUILT = "The run has not built its graph yet; try again";

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
    return guarded(
        () -> {
          String dagId = Workflow.getInfo().getWorkflowType();
          P defaults = defaultParams();
          RawValue input = PriorInput.complete(params, Params.options(dagId, params));
          return start(Params.read(dagId, input, defaults), Params.options(dagId, input));
        });
  }

  /**
   * The workflow method of a DAG whose interface declares the params' own type. The SDK decodes
   * them then: it ignores unknown fields, and what it cannot decode fails the run only on a worker
   * that {@link DagWorkers} has set up. Prefer {@link #run(RawValue)}.
   */
  public final RunReport run(@Nullable P params) {
    return guarded(() -> start(params == null ? defaultParams() : params, RunOptions.NONE));
  }

  private static RunReport guarded(Functions.Func<RunReport> run) {
    return InputGuard.run(INVALID_RUN, "The run cannot go on", run);
  }

  private P defaultParams() {
    return InputGuard.run(
        INVALID_DAG,
        "The default params cannot be made",
        () -> Objects.requireNonNull(defaults(), "defaults() returns null"));
  }

  private RunReport start(P params, RunOptions options) {
    RunInfo info = RunInfo.ofCurrentRun(params, options);
    triggeringEvents = options.triggeringEvents();
    DagRun current =
        InputGuard.run(
            INVALID_DAG,
            "The graph cannot be built",
            () -> {
              Dag graph = new Dag();
              define(graph, params, info.interval());
              ChildRuns.check(graph.nodes().values());
              return new DagRun(info, graph, events);
            });
    run = current;
    return current.execute();
  }

  @Override
  public final RunReport report() {
    return run().report();
  }

  @Override
  public final String answer(GateAnswer answer) {
    return InputGuard.update("answer", () -> operations().answer(answer));
  }

  @Override
  public final void validateAnswer(GateAnswer answer) {
    InputGuard.validate("answer", answer, () -> operations().validateAnswer(answer));
  }

  @Override
  public final List<String> clear(Clear request) {
    return InputGuard.update("clear", () -> operations().clear(request));
  }

  @Override
  public final void validateClear(Clear request) {
    InputGuard.validate("clear", request, () -> operations().validateClear(request));
  }

  @Override
  public final String mark(Mark request) {
    return InputGuard.update("mark", () -> operations().mark(request));
  }

  @Override
  public final void validateMark(Mark request) {
    InputGuard.validate("mark", request, () -> operations().validateMark(request));
  }

  @Override
  public final String hold(Hold request) {
    return InputGuard.update("hold", () -> operations().hold(request));
  }

  @Override
  public final void validateHold(Hold request) {
    InputGuard.validate("hold", request, () -> operations().validateHold(request));
  }

  @Override
  public final String release(Hold request) {
    return InputGuard.update("release", () -> operations().release(request));
  }

  @Override
  public final void validateRelease(Hold request) {
    InputGuard.validate("release", request, () -> operations().validateRelease(request));
  }

  @Override
  public final void event(ExternalEvent event) {
    // A signal cannot be refused: one that is of no use must not stop the run.
    try {
      deliver(event);
    } catch (TemporalFailure e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (InputGuard.isForAnotherWorker(e)) {
        throw e;
      }
      ignored(e);
    }
  }

  private void deliver(ExternalEvent event) {
    if (event.name() == null || event.name().isBlank()) {
      throw new IllegalArgumentException("it has no name; name the task that waits for it");
    }
    if (run == null || !run.deliver(event)) {
      events.keep(event);
    }
  }

  private void ignored(Throwable why) {
    Workflow.getLogger(DagWorkflow.class).warn("An event is ignored", why);
    if (run != null) {
      run.operations().record("event ignored", "millrace", InputGuard.reason(why));
    }
  }

  private Operations operations() {
    return run().operations();
  }

  private DagRun run() {
    if (run == null) {
      throw new IllegalStateException(NOT_BUILT);
    }
    return run;
  }
}
