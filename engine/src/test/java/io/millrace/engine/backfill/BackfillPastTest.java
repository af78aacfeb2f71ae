package io.millrace.engine.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.Policy;
import io.millrace.engine.Task;
import io.millrace.engine.backfill.BackfillReport.State;
import io.millrace.engine.schedule.Timetable;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.engine.toys.StandingClock;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Backfills of DAGs with rules about dates: one that depends on the past runs forwards only, and a
 * refusal leaves nothing behind; a run that skips its work counts as skipped.
 */
class BackfillPastTest {

  private static final String QUEUE = "any-dags";
  private static final Duration LIMIT = Waiting.LIMIT;
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private final WorkflowClient client = StandingClock.client(server.getWorkflowClient());
  private final Backfills backfills = new Backfills(client, QUEUE);

  @BeforeEach
  void start() {
    server.registerSearchAttribute(
        "TemporalScheduledStartTime", IndexedValueType.INDEXED_VALUE_TYPE_DATETIME);
    server.registerSearchAttribute(
        "TemporalScheduledById", IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    Worker worker = server.newWorker(QUEUE);
    DagWorkers.register(worker, AnyDag.Impl.class);
    Backfills.register(worker, client);
    worker.registerActivitiesImplementations(new Ones());
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void define(boolean dependsOnPast) {
    AnyDag.redefine(
        dag -> {
          Task<Integer> load = dag.task("load", Work.class, Work::act);
          Task<Integer> sum = dag.task("sum", Work.class, load, Work::actWith);
          if (dependsOnPast) {
            sum.policy(Policy.DEFAULT.dependsOnPast());
          }
        });
  }

  private static BackfillRequest days(int count) {
    return BackfillRequest.of(
        "any", Timetable.cron("@daily"), FIRST, FIRST.plus(Duration.ofDays(count - 1)));
  }

  @Test
  void aBackwardsBackfillIsRefusedAtItsCreationAndStartsNoRun() {
    define(true);

    assertThatThrownBy(() -> backfills.start(days(4).backwards()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Backfill of any: task 'sum' depends on the past")
        .hasMessageContaining("start it without --run-backwards");
    assertThatThrownBy(() -> backfills.start(days(3).backwards().dry()))
        .isInstanceOf(IllegalArgumentException.class);
    client
        .newUntypedWorkflowStub(
            Backfill.TYPE,
            WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId("by hand").build())
        .start(days(4).backwards());
    assertThatThrownBy(() -> backfills.await("by hand", LIMIT))
        .hasStackTraceContaining("task 'sum' depends on the past");

    for (int day = 0; day < 4; day++) {
      assertThat(BackfillPlan.status(client, "any-" + FIRST.plus(Duration.ofDays(day))))
          .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED);
    }
  }

  /**
   * One run at a time. With several, a run that gets a signal of the run before cancels its own
   * question; if that is answered in the same moment, this server, unlike a real one, refuses the
   * workflow task with ACTIVITY_UNKNOWN and never offers it again. {@code PreviousRunIT} has those.
   */
  @Test
  void aForwardBackfillRunsEveryDate() throws TimeoutException {
    define(true);

    assertThat(backfills.await(backfills.start(days(4).withMaxActiveRuns(1)), LIMIT))
        .returns(State.SUCCESS, BackfillReport::state)
        .returns(4, BackfillReport::succeeded);
  }

  @Test
  void oneDateHasNoOrderAndADagWithoutAPastRunsBackwards() throws TimeoutException {
    define(true);
    assertThat(backfills.await(backfills.start(days(1).backwards()), LIMIT).succeeded())
        .isEqualTo(1);
    define(false);
    assertThat(backfills.await(backfills.start(days(3).backwards()), LIMIT))
        .returns(2, BackfillReport::succeeded)
        .returns(1, BackfillReport::existing);
  }

  @Test
  void aDateWhoseRunSkippedItsWorkIsSkipped() throws TimeoutException {
    AnyDag.redefine(
        dag -> {
          Task<Integer> load =
              dag.task("load", Work.class, Work::act).after(dag.latestOnly("latest"));
          dag.task("sum", Work.class, load, Work::actWith);
        });

    BackfillReport report = backfills.await(backfills.start(days(2)), LIMIT);

    assertThat(report)
        .returns(BackfillReport.State.SUCCESS, BackfillReport::state)
        .returns(2, BackfillReport::skipped)
        .returns(0, BackfillReport::succeeded);
    assertThat(report.dates())
        .allSatisfy(date -> assertThat(date.state()).isEqualTo(BackfillReport.DateState.SKIPPED))
        .allSatisfy(date -> assertThat(date.reason()).contains("latest"));
    assertThat(new BackfillActivitiesImpl(client).outcomeOf("any-" + FIRST).state())
        .as("found again by its id")
        .isEqualTo(BackfillReport.DateState.SKIPPED);
  }

  /** Returns 1 for everything. */
  private static final class Ones implements Work {
    @Override
    public Integer act() {
      return 1;
    }

    @Override
    public Integer actWith(Integer input) {
      return 1;
    }

    @Override
    public List<Integer> items() {
      return List.of();
    }

    @Override
    public Integer both(List<Integer> pair) {
      return 1;
    }
  }
}
