package io.millrace.engine.toys;

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

  /** A worker whose sudden death the server notices within a second instead of five. */
  public static WorkerOptions mortal(WorkerOptions options) {
    return WorkerOptions.newBuilder(options)
        .setStickyQueueScheduleToStartTimeout(Duration.ofSeconds(1))
        .build();
  }
}
