package io.millrace.engine;

import io.millrace.engine.asset.AssetConsumer;
import io.millrace.engine.asset.AssetHub;
import io.millrace.engine.asset.AssetShard;
import io.millrace.engine.backfill.Backfill;
import io.millrace.engine.pool.PoolWorkflow;
import io.millrace.engine.schedule.ScheduleWatch;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import java.util.Set;

/**
 * Holds the rule of {@link InputGuard} for the engine's own workflows besides DAGs: pools, the
 * asset hub with its assets and consumers, backfills, the watch over schedules and the parts of
 * large maps. A bad input ends them, a bad update is refused, and a bad signal is logged and
 * dropped: it must not end what serves all runs.
 */
final class EntityGuard extends WorkerInterceptorBase {

  private static final Set<String> TYPES =
      Set.of(
          MapChunk.TYPE,
          PoolWorkflow.TYPE,
          AssetHub.TYPE,
          AssetShard.TYPE,
          AssetConsumer.TYPE,
          Backfill.TYPE,
          ScheduleWatch.TYPE);

  @Override
  public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
    return TYPES.contains(Workflow.getInfo().getWorkflowType()) ? new Guarded(next) : next;
  }

  private static final class Guarded extends WorkflowInboundCallsInterceptorBase {

    private Guarded(WorkflowInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(WorkflowOutboundCallsInterceptor outbound) {
      guarded(
          () -> {
            super.init(outbound);
            return true;
          });
    }

    @Override
    public WorkflowOutput execute(WorkflowInput input) {
      return guarded(() -> super.execute(input));
    }

    private static <T> T guarded(Functions.Func<T> step) {
      return InputGuard.run(DagWorkflow.INVALID_RUN, "The run cannot go on", step);
    }

    @Override
    public void handleSignal(SignalInput input) {
      try {
        super.handleSignal(input);
      } catch (TemporalFailure e) {
        throw e;
      } catch (RuntimeException | Error e) {
        if (InputGuard.isForAnotherWorker(e)) {
          throw e;
        }
        Workflow.getLogger(EntityGuard.class)
            .warn("The signal {} is ignored", input.getSignalName(), e);
      }
    }

    @Override
    public void validateUpdate(UpdateInput input) {
      InputGuard.validate(input.getUpdateName(), input, () -> super.validateUpdate(input));
    }

    @Override
    public UpdateOutput executeUpdate(UpdateInput input) {
      return InputGuard.update(input.getUpdateName(), () -> super.executeUpdate(input));
    }
  }
}
