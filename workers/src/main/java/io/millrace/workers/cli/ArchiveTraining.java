package io.millrace.workers.cli;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
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
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Calls the commands that people call most on a server that has nothing, so that the JVM writes
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

  private ArchiveTraining() {}

  public static void main(String[] args) throws IOException {
    System.setProperty(Millrace.IS_COMMAND, "true");
    Path folder = Files.createTempDirectory("millrace-classes");
    Server server = emptyServer();
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

  private static Server emptyServer() throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus(WorkflowServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
    return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
        .addService(health.getHealthService())
        .addService(new Nothing())
        .build()
        .start();
  }

  /** Has no runs and no schedules. */
  private static final class Nothing extends WorkflowServiceGrpc.WorkflowServiceImplBase {
    @Override
    public void getSystemInfo(
        GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
      answer(answer, GetSystemInfoResponse.getDefaultInstance());
    }

    @Override
    public void listWorkflowExecutions(
        ListWorkflowExecutionsRequest request,
        StreamObserver<ListWorkflowExecutionsResponse> answer) {
      answer(answer, ListWorkflowExecutionsResponse.getDefaultInstance());
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
