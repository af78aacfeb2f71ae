package io.millrace.workflows.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.testing.HistoryReplay;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlinkDeployTest {
  private static final Path HISTORIES = Path.of("src/test/resources/histories/flink_deploy");
  private static final Map<String, Object> TWO = Map.of("jobs", List.of("validation", "lake"));

  private final FakeCluster cluster = new FakeCluster();
  private final DagTest dag = DagTest.of(FlinkDeployImpl.class);

  FlinkDeployTest() {
    dag.fake("store_build", args -> new JobBuild("new", "here", 1));
    for (String job : DeployParams.JOBS) {
      dag.fake(job + ".find_running", args -> cluster.findRunning(job))
          .fake(job + ".stop_with_savepoint", cluster::stop)
          .fake(job + ".start", cluster::start)
          .fake(job + ".health", cluster::watch)
          .fake(job + ".outcome", cluster::settle);
    }
  }

  @AfterEach
  void stop() {
    dag.close();
  }

  @Test
  void replacesOneJobAfterTheOther() {
    RunReport report = dag.run(null);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(cluster.done())
        .containsSubsequence(
            "stop validation", "start validation new", "stop lake", "start lake new")
        .contains("start sales new");
    assertThat(report.tasks()).hasSize(2 + 5 * DeployParams.JOBS.size());
  }

  @Test
  void goesBackToTheBuildBeforeAndLeavesTheRestAlone() {
    cluster.unwell("validation");

    RunReport report = dag.run(TWO);

    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(report.task("validation.health").detail()).contains("7 restarts");
    assertThat(report.task("validation.outcome").detail()).contains("build old is back");
    assertThat(cluster.done())
        .containsExactly("stop validation", "start validation new", "back validation");
    assertThat(report.task("lake.find_running").state()).isEqualTo(NodeState.UPSTREAM_FAILED);
  }

  @Test
  void goesBackWhenTheNewBuildCannotBeSubmitted() {
    cluster.refuse("validation");

    assertThat(dag.run(TWO).state()).isEqualTo(RunState.FAILED);

    assertThat(cluster.done()).containsExactly("stop validation", "back validation");
  }

  @Test
  void leavesTheOldJobRunningWhenItsSavepointFails() {
    dag.fake(
        "validation.stop_with_savepoint",
        args -> {
          throw ApplicationFailure.newNonRetryableFailure("no savepoint", "JOB_FAILED");
        });

    assertThat(dag.run(TWO).state()).isEqualTo(RunState.FAILED);

    assertThat(cluster.done()).containsExactly("untouched validation");
  }

  @Test
  void comesBackWhenItIsCancelledAfterTheStop() {
    dag.start(
        Map.of(
            "jobs",
            List.of("validation"),
            "$run",
            Map.of("breakpoints", List.of("validation.start"))));
    dag.awaitState("validation.stop_with_savepoint", NodeState.SUCCESS);

    dag.stub().cancel();

    assertThatThrownBy(dag::await).isInstanceOf(WorkflowFailedException.class);
    assertThat(cluster.done()).containsExactly("stop validation", "back validation");
  }

  @Test
  void refusesAWrongParamByItsName() {
    assertThatThrownBy(() -> dag.run(Map.of("jobs", List.of("late"))))
        .hasStackTraceContaining("jobs must be of validation, lake");
    assertThatThrownBy(() -> dag.run(Map.of("parallelism", 0)))
        .hasStackTraceContaining("parallelism must be 1 to");
    assertThatThrownBy(() -> dag.run(Map.of("windowSeconds", 0)))
        .hasStackTraceContaining("windowSeconds must be 5 to");
  }

  /** Also leaves today's history in {@code target}, to be stored beside the others. */
  @Test
  void replaysStoredRunsAndTodays() {
    Path today = Path.of("target/histories/flink_deploy");
    dag.run(TWO);
    dag.record(today.resolve("deployed.json"));
    cluster.unwell("validation");
    dag.run(TWO);
    dag.record(today.resolve("rolled-back.json"));

    HistoryReplay.replayAll(today, FlinkDeployImpl.class);
    HistoryReplay.replayAll(HISTORIES, FlinkDeployImpl.class);
  }
}
