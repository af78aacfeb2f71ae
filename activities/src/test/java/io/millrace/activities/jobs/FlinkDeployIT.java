package io.millrace.activities.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.testing.Waiting;
import io.millrace.workflows.jobs.DeployParams;
import io.millrace.workflows.jobs.HealthLimits;
import io.millrace.workflows.jobs.SavepointParams;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The validation is replaced while events come: by the same build, by one whose program throws, by
 * one that fails at its first record; then its process is killed. No event is lost or published
 * twice.
 */
class FlinkDeployIT {
  private static final String JOB = "validation";
  private static final HealthLimits LIMITS = new HealthLimits(120, 5, 1, 0, 0, 95, null);

  @Test
  void replacesAJobAndComesBackFromABrokenBuildWithEachEventOnce() throws Exception {
    try (DeployFixture rig = new DeployFixture(TwiceActivities::new)) {
      rig.flink.startLocal(JOB);
      awaitJob(rig);
      rig.startProducing();
      String own = build(rig);

      assertSucceeds(rig.deploy(params(null)));
      assertThat(build(rig)).isEqualTo(own);
      awaitMetrics(rig);

      RunReport throwing = rig.deploy(params(BrokenJars.throwing(rig.folder)));
      assertThat(throwing.state()).isEqualTo(RunState.FAILED);
      assertThat(throwing.task(JOB + ".start").detail()).contains("this build has no job");
      assertBack(rig, throwing, own);

      RunReport failing = rig.deploy(params(BrokenJars.failing(rig.folder)));
      assertThat(failing.state()).isEqualTo(RunState.FAILED);
      assertThat(failing.task(JOB + ".health").detail())
          .contains("it is FAILED", "cannot do record");
      assertBack(rig, failing, own);

      assertSucceeds(rig.savepoint(new SavepointParams(List.of(JOB), 2)));
      rig.flink.kill9();
      rig.flink.startLocal(JOB);
      awaitJob(rig);
      assertEachEventOnce(rig);
      assertThat(rig.flink.live()).isTrue();
      assertThat(rig.flink.log()).contains("replaced by").doesNotContain("was not replaced");
    }
  }

  @Test
  void deploysToAStandaloneClusterThatRanNothing() throws Exception {
    try (DeployFixture rig = new DeployFixture(activities -> activities)) {
      rig.flink.startStandalone();
      await().ignoreExceptions().until(() -> rig.api.jobs().isEmpty());
      rig.startProducing();

      assertSucceeds(rig.deploy(params(null)));

      assertEachEventOnce(rig);
    }
  }

  private static DeployParams params(@Nullable Path jar) {
    return new DeployParams(
        List.of(JOB),
        jar == null ? null : jar.toString(),
        null,
        false,
        jar != null,
        LIMITS.startSeconds(),
        LIMITS.windowSeconds(),
        LIMITS.minCheckpoints(),
        LIMITS.maxFailedCheckpoints(),
        LIMITS.maxRestarts(),
        LIMITS.maxBackPressurePercent(),
        LIMITS.maxLag());
  }

  private static void awaitJob(DeployFixture rig) {
    await()
        .ignoreExceptions()
        .until(() -> rig.api.running(JOB).orElseThrow().state().equals("RUNNING"));
  }

  private static String build(DeployFixture rig) {
    String build = rig.api.setup(rig.api.running(JOB).orElseThrow().id()).orElseThrow().build();
    return String.valueOf(build);
  }

  private static void assertSucceeds(RunReport report) {
    assertThat(report.state()).as(report.toString()).isEqualTo(RunState.SUCCESS);
  }

  private static void assertBack(DeployFixture rig, RunReport report, String own) {
    assertThat(report.task(JOB + ".outcome").detail())
        .contains("is back as job", "RUNNING", "s3://flink-checkpoints/validation/");
    assertThat(build(rig)).isEqualTo(own);
  }

  private static void assertEachEventOnce(DeployFixture rig) throws Exception {
    int sent = rig.stopProducing();
    await()
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(rig.published()).hasSizeGreaterThanOrEqualTo(sent));
    assertThat(rig.published()).hasSize(sent).doesNotHaveDuplicates();
  }

  private static void awaitMetrics(DeployFixture rig) {
    await()
        .untilAsserted(
            () ->
                assertThat(get(rig.flink.metricsUrl()))
                    .contains(
                        "flink_taskmanager_job_task_operator_pendingRecords{",
                        "records_lag_max{",
                        "flink_taskmanager_job_task_backPressuredTimeMsPerSecond{",
                        "flink_jobmanager_job_numberOfCompletedCheckpoints{",
                        "flink_jobmanager_job_lastCheckpointDuration{",
                        "flink_taskmanager_job_task_operator_verdict_valid{",
                        "flink_taskmanager_job_task_operator_rule_broken{",
                        "rule=\""));
  }

  private static String get(URI url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(url).timeout(Waiting.LIMIT).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
