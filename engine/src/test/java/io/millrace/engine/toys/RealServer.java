package io.millrace.engine.toys;

import io.millrace.engine.Policy;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;

/**
 * One Temporal server for all the tests of this JVM: started when the first asks for it, and gone
 * with the JVM. Each class keeps to task queues, workflow ids and schedules of its own.
 */
public final class RealServer {

  private static final WorkflowServiceStubs SERVICE =
      WorkflowServiceStubs.newServiceStubs(
          WorkflowServiceStubsOptions.newBuilder()
              .setTarget(LocalStack.forTests(Component.TEMPORAL).endpoints().temporal().target())
              .build());

  private RealServer() {}

  /** A connection that nobody closes. */
  public static WorkflowServiceStubs service() {
    return SERVICE;
  }

  public static WorkflowClient client() {
    return WorkflowClient.newInstance(SERVICE);
  }

  /**
   * The policy of tasks whose worker a test kills. A task that the server has just given to that
   * worker is lost with it, and the server tries it again only after this attempt timeout.
   */
  public static Policy mortal(Policy policy) {
    return policy.withRetries(2, Duration.ofSeconds(1)).withAttemptTimeout(Duration.ofSeconds(20));
  }

  /** A worker whose sudden death the server notices within a second instead of five. */
  public static WorkerOptions mortal(WorkerOptions options) {
    return WorkerOptions.newBuilder(options)
        .setStickyQueueScheduleToStartTimeout(Duration.ofSeconds(1))
        .build();
  }
}
