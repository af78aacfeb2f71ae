package io.millrace.workers.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.common.v1.WorkflowType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.ListSchedulesRequest;
import io.temporal.api.workflowservice.v1.ListSchedulesResponse;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Calls the commands that people call most on a server that has one run, so that the JVM writes
 * down which classes they load: the class archive of the command line is made of these. Started by
 * scripts/lib/setup.sh, with {@code -XX:DumpLoadedClassList}.
 */
public final class ArchiveTraining {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--help"),
          List.of("config"),
          List.of("dags", "list"),
          List.of("dags", "show", "data_pipeline"),
          List.of("tasks", "list", "training_pipeline", "--json"),
          List.of("runs", "list"),
          List.of("runs", "list", "--json"),
          List.of("runs", "show", "nosuch"),
          List.of("backfill", "list"),
          List.of("schedules", "list"),
          List.of("complete", "runs", "show", ""),
          List.of("dags", "lst"));

  private static final WorkflowExecutionInfo RUN =
      WorkflowExecutionInfo.newBuilder()
          .setExecution(WorkflowExecution.newBuilder().setWorkflowId("data_pipeline-run"))
          .setType(WorkflowType.newBuilder().setName("data_pipeline"))
          .setStatus(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING)
          .setStartTime(Timestamp.newBuilder().setSeconds(1))
          .setMemo(Memo.getDefaultInstance())
          .setSearchAttributes(
              SearchAttributes.newBuilder()
                  .putIndexedFields("RunState", keyword("running"))
                  .putIndexedFields("LogicalDate", attribute("Datetime", "2026-01-01T00:00:00Z")))
          .build();

  private ArchiveTraining() {}

  private static Payload keyword(String value) {
    return attribute("Keyword", value);
  }

  private static Payload attribute(String type, String value) {
    return Payload.newBuilder()
        .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
        .putMetadata("type", ByteString.copyFromUtf8(type))
        .setData(ByteString.copyFromUtf8('"' + value + '"'))
        .build();
  }

  public static void main(String[] args) throws IOException {
    System.setProperty(Millrace.IS_COMMAND, "true");
    Path folder = Files.createTempDirectory("millrace-classes");
    Server server = start();
    try {
      PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
      Map<String, String> environment = Map.of("TEMPORAL_ADDRESS", "127.0.0.1:" + server.getPort());
      Console console = new Console(nowhere, nowhere, false, 80, environment, folder, folder);
      for (List<String> command : COMMANDS) {
        int unused = Millrace.run(console, command.toArray(String[]::new));
      }
    } finally {
      server.shutdownNow();
      Files.deleteIfExists(folder);
    }
    System.exit(0);
  }

  private static Server start() throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus(WorkflowServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(health.getHealthService())
        .addService(new OneRun())
        .build()
        .start();
  }

  /** Has one run, which answers no question, and no schedule. */
  private static final class OneRun extends WorkflowServiceGrpc.WorkflowServiceImplBase {
    @Override
    public void getSystemInfo(
        GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
      answer(answer, GetSystemInfoResponse.getDefaultInstance());
    }

    @Override
    public void listWorkflowExecutions(
        ListWorkflowExecutionsRequest request,
        StreamObserver<ListWorkflowExecutionsResponse> answer) {
      answer(answer, ListWorkflowExecutionsResponse.newBuilder().addExecutions(RUN).build());
    }

    @Override
    public void describeWorkflowExecution(
        DescribeWorkflowExecutionRequest request,
        StreamObserver<DescribeWorkflowExecutionResponse> answer) {
      answer(
          answer,
          DescribeWorkflowExecutionResponse.newBuilder().setWorkflowExecutionInfo(RUN).build());
    }

    @Override
    public void listSchedules(
        ListSchedulesRequest request, StreamObserver<ListSchedulesResponse> answer) {
      answer(answer, ListSchedulesResponse.getDefaultInstance());
    }

    private static <T> void answer(StreamObserver<T> observer, T value) {
      observer.onNext(value);
      observer.onCompleted();
    }
  }
}
