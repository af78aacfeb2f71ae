package io.millrace.workers.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.pool.PoolReport;
import io.millrace.stack.process.Ports;
import io.millrace.testing.Waiting;
import io.millrace.workers.cli.toys.Mill;
import io.millrace.workers.cli.toys.MillImpl;
import io.millrace.workers.config.MetricsConfig;
import io.temporal.activity.DynamicActivity;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {

  @Test
  void prometheusSeesTasksRunsAndTheSdk() throws Exception {
    MetricsConfig config = new MetricsConfig("127.0.0.1", Ports.free(1).get(0));
    try (WorkerMetrics metrics = WorkerMetrics.start(config);
        TestWorkflowEnvironment server =
            TestWorkflowEnvironment.newInstance(
                TestEnvironmentOptions.newBuilder().setMetricsScope(metrics.scope()).build())) {
      Worker worker = server.newWorker("q");
      DagWorkers.register(worker, MillImpl.class);
      worker.registerActivitiesImplementations((DynamicActivity) args -> List.of());
      server.start();
      DagRuns runs = new DagRuns(server.getWorkflowClient(), "q");
      String run = runs.trigger(Mill.NAME, Map.of("asks", false));
      assertThat(runs.await(run, Waiting.LIMIT).state()).isEqualTo(RunState.SUCCESS);

      await()
          .untilAsserted(
              () ->
                  assertThat(scrape(config))
                      .contains(
                          "# TYPE millrace_task_duration_seconds histogram",
                          "millrace_task_duration_seconds_count{dag=\"mill\",namespace=\"default\","
                              + "state=\"success\",task=\"list_sacks\"} 1",
                          "millrace_run_duration_seconds_count{dag=\"mill\",namespace=\"default\","
                              + "state=\"success\"} 1",
                          "le=\"300.0\"",
                          "temporal_workflow_task_execution_latency_seconds_count",
                          "jvm_memory_used_bytes"));
    }
  }

  @Test
  void aPortThatIsTakenCostsTheMetricsAndNotTheWorker() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WorkerMetrics metrics =
            WorkerMetrics.start(new MetricsConfig("127.0.0.1", taken.getLocalPort()))) {
      assertThat(metrics.address()).isEqualTo("none");
      metrics.scope().counter("still_counts").inc(1);
    }
  }

  @Test
  void poolsAreTold() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    List<PoolReport> pools =
        List.of(new PoolReport("warehouse", 4, true, 3, 5, 2, List.of(), List.of(), null));
    try (PoolGauges gauges = new PoolGauges(registry, () -> pools, Duration.ofMillis(10))) {
      await()
          .untilAsserted(
              () ->
                  assertThat(registry.scrape())
                      .as("%s", gauges)
                      .contains(
                          "millrace_pool_slots{pool=\"warehouse\"} 4.0",
                          "millrace_pool_slots_used{pool=\"warehouse\"} 3.0",
                          "millrace_pool_waiting{pool=\"warehouse\"} 2.0"));
    }
  }

  private static String scrape(MetricsConfig config) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(config.url())).timeout(Waiting.LIMIT).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
