package io.millrace.engine.replay;

import io.millrace.engine.DagRunOps;
import io.millrace.engine.MapChunk;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.payload.context.ActivitySerializationContext;
import io.temporal.payload.context.WorkflowSerializationContext;
import io.temporal.worker.NonDeterministicException;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run whose calls are compared with its history while it is replayed. */
final class CheckedRun extends WorkflowInboundCallsInterceptorBase {

  private final RecordedHistory history;
  private final DataConverter converter;
  private final Consumer<String> found;

  CheckedRun(
      WorkflowInboundCallsInterceptor next,
      RecordedHistory history,
      DataConverter converter,
      Consumer<String> found) {
    super(next);
    this.history = history;
    this.converter = converter;
    this.found = found;
  }

  @Override
  public void init(WorkflowOutboundCallsInterceptor outbound) {
    super.init(new Sender(outbound));
  }

  /** Past all error handling of the run, so that the server calls it non-deterministic, too. */
  @Override
  public WorkflowOutput execute(WorkflowInput input) {
    try {
      return super.execute(input);
    } catch (CodeChangedError e) {
      throw new NonDeterministicException(e.getMessage(), e);
    }
  }

  /** Compares each call of a task that is made again with what the history has in its place. */
  private final class Sender extends WorkflowOutboundCallsInterceptorBase {

    private @Nullable RecordedCalls calls;
    private int localActivitiesBefore;

    private Sender(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> ActivityOutput<R> executeActivity(ActivityInput<R> input) {
      ActivityOutput<R> output = super.executeActivity(input);
      String summary = input.getOptions().getSummary();
      if (isChecked(summary)) {
        String type = input.getActivityName();
        String queue = input.getOptions().getTaskQueue();
        check(
            recorded -> recorded.activity(output.getActivityId()),
            CurrentCall.of(type, summary, input.getArgs(), ofActivity(type, queue, false)));
      }
      return output;
    }

    @Override
    public <R> ChildWorkflowOutput<R> executeChildWorkflow(ChildWorkflowInput<R> input) {
      String summary = input.getOptions().getStaticSummary();
      String id = input.getWorkflowId();
      // In a cancelled scope the SDK starts nothing.
      if (isChecked(summary) && !CancellationScope.current().isCancelRequested()) {
        check(
            recorded -> recorded.childRun(id),
            CurrentCall.of(input.getWorkflowType(), summary, input.getArgs(), ofRun(id)));
      }
      return super.executeChildWorkflow(input);
    }

    /** The history has a local activity where it ended, so it is compared there. */
    @Override
    public <R> LocalActivityOutput<R> executeLocalActivity(LocalActivityInput<R> input) {
      LocalActivityOutput<R> output = super.executeLocalActivity(input);
      if (!WorkflowUnsafe.isReplaying()) {
        return output;
      }
      return new LocalActivityOutput<>(
          output
              .getResult()
              .handle(
                  (result, failure) -> {
                    ended(input);
                    if (failure != null) {
                      throw failure;
                    }
                    return result;
                  }));
    }

    private void ended(LocalActivityInput<?> input) {
      String summary = input.getOptions().getSummary();
      if (isChecked(summary) || calls != null) {
        String type = input.getActivityName();
        check(
            RecordedCalls::localActivity,
            CurrentCall.of(type, summary, input.getArgs(), ofActivity(type, null, true)));
      } else {
        localActivitiesBefore++;
      }
    }

    /** Whether the run is a DAG's and replayed, and the call one of its tasks. */
    private boolean isChecked(@Nullable String summary) {
      if (!WorkflowUnsafe.isReplaying()) {
        calls = null; // what comes from now on is in no history
        return false;
      }
      Object run = summary == null ? null : Workflow.getInstance();
      return run instanceof DagRunOps || run instanceof MapChunk;
    }

    private void check(
        Functions.Func1<RecordedCalls, @Nullable Recorded> recorded, CurrentCall call) {
      CodeChangedError mismatch =
          WorkflowUnsafe.deadlockDetectorOff(
              () -> {
                Recorded before = recorded.apply(calls());
                return before == null
                    ? null
                    : Mismatch.of(before, call, Workflow.getInfo(), ofRun(null));
              });
      if (mismatch != null) {
        found.accept(String.valueOf(mismatch.getMessage()));
        throw mismatch;
      }
    }

    private RecordedCalls calls() {
      if (calls == null) {
        calls = new RecordedCalls(new PatientEvents(history, Workflow.getInfo()));
        for (int i = 0; i < localActivitiesBefore; i++) {
          calls.localActivity();
        }
      }
      return calls;
    }

    private DataConverter ofActivity(String type, @Nullable String queue, boolean local) {
      WorkflowInfo run = Workflow.getInfo();
      return converter.withContext(
          new ActivitySerializationContext(
              run.getNamespace(),
              run.getWorkflowId(),
              run.getWorkflowType(),
              type,
              queue == null ? run.getTaskQueue() : queue,
              local));
    }

    /** What a child run's input is encoded with, or with null what this run's summaries are. */
    private DataConverter ofRun(@Nullable String child) {
      WorkflowInfo run = Workflow.getInfo();
      return converter.withContext(
          new WorkflowSerializationContext(
              run.getNamespace(), child == null ? run.getWorkflowId() : child));
    }
  }
}
