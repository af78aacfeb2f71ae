package io.millrace.engine.toys;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;

/** A client of a server in memory whose clock moves only when a test says so. */
public final class StandingClock {

  private StandingClock() {}

  /**
   * Makes one.
   *
   * @param skipping the server's own client, which skips time while it waits for a result: up to
   *     ten years, which ends a workflow that only waits for messages. An interceptor in its
   *     options does that
   */
  public static WorkflowClient client(WorkflowClient skipping) {
    return WorkflowClient.newInstance(
        skipping.getWorkflowServiceStubs(),
        WorkflowClientOptions.newBuilder(skipping.getOptions()).setInterceptors().build());
  }
}
