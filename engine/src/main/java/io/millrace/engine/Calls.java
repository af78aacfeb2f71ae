package io.millrace.engine;

import io.millrace.engine.payload.Memo;
import io.millrace.engine.pool.Claim;
import io.millrace.engine.pool.RunPools;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.workflow.ActivityStub;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Objects;

/** Turns the recorded calls of a run's tasks into activities and child runs. */
final class Calls {

  private final String dag;
  private final RunPools pools = new RunPools();

  Calls(String dag) {
    this.dag = dag;
  }

  /** Waits for a slot; it is given back by {@link #close}. */
  void await(Claim claim) {
    pools.acquire(claim).granted().get();
  }

  /** Gives all slots back; waits until the pools know. */
  void close() {
    pools.close();
  }

  /**
   * Makes a call.
   *
   * @param summary what the Web UI's timeline shows, {@code task} or {@code task[item]}
   * @param priority of an activity whose policy has none
   * @param slots is called with whether the call waits for a slot
   */
  <R> Promise<R> make(RecordedCall call, String summary, Policy policy, int priority, Slots slots) {
    Policy.Place place = policy.place();
    ChildRuns.begin(call, policy);
    if (place.pool() == null) {
      return start(call, summary, policy, priority);
    }
    Claim claim = claim(policy, summary, priority);
    slots.waits();
    return pools.during(
        claim,
        () -> {
          slots.granted();
          return start(call, summary, policy, priority);
        });
  }

  /** What a task with a pool claims of it. */
  static Claim claim(Policy policy, String task, int priority) {
    Policy.Place place = policy.place();
    Duration heartbeat = policy.limits().heartbeat();
    return new Claim(
        Objects.requireNonNull(place.pool()),
        place.slots(),
        place.priority() == null ? priority : place.priority(),
        task,
        heartbeat == null ? Duration.ZERO : heartbeat);
  }

  /** Hears how a call that needs a slot of a pool gets on. */
  interface Slots {

    void waits();

    void granted();
  }

  @SuppressWarnings("unchecked") // the recorded method returns R
  private <R> Promise<R> start(RecordedCall call, String summary, Policy policy, int priority) {
    return switch (call.kind()) {
      case ACTIVITY -> {
        ActivityStub stub =
            policy.place().local()
                ? Workflow.newUntypedLocalActivityStub(TaskOptions.local(policy, summary))
                : Workflow.newUntypedActivityStub(
                    TaskOptions.remote(policy, summary, priority, dag));
        yield (Promise<R>)
            Memo.during(
                policy.memo(),
                () ->
                    stub.executeAsync(
                        call.type(), call.resultClass(), call.resultType(), call.args().toArray()));
      }
      case CHILD, TRIGGER -> ChildRuns.start(call, summary, policy);
    };
  }

  /**
   * The child run that works off some items of a mapped task.
   *
   * @param summary of the chunk
   */
  ChildWorkflowStub chunk(String summary) {
    return ChildRuns.stub(
        MapChunk.TYPE, summary, ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL);
  }
}
