package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRunOps.Hold;
import io.millrace.engine.DagRunOps.Mark;
import io.millrace.engine.PreviousRunReader.Answer;
import io.millrace.engine.PreviousRunReader.Question;
import io.millrace.engine.PreviousRunReader.Wanted;
import io.millrace.engine.RunAfterSignals.RunAfter;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.schedule.ScheduledRun.Before;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributes;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tasks that depend on the past, and a run before that says what the test wants. */
class PreviousRunTest {

  private static final String QUEUE = "q";
  private static final Duration LIMIT = Waiting.LIMIT;
  private static final Instant NOMINAL = Instant.parse("2026-03-02T00:00:00Z");
  private static final Policy PAST =
      Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)).dependsOnPast();

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private final DagRuns runs = new DagRuns(server.getWorkflowClient(), QUEUE);
  private final Past past = new Past();

  /** Answers as the test says, and remembers what it was asked. */
  private static final class Past implements PreviousRunReader {
    private final List<Question> questions = new CopyOnWriteArrayList<>();
    private volatile Map<String, String> blocked = Map.of();

    @Override
    public Answer read(Question question) {
      questions.add(question);
      if (blocked.equals(question.known())) {
        throw NotReady.because("the same");
      }
      return new Answer(blocked, null);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void start(Consumer<Dag> graph, Before before) {
    start(graph, new ScheduledRun("@daily", false, 0, null, before));
  }

  private void start(Consumer<Dag> graph, ScheduledRun schedule) {
    serve(graph);
    server
        .getWorkflowClient()
        .newUntypedWorkflowStub(
            "any",
            WorkflowOptions.newBuilder()
                .setTaskQueue(QUEUE)
                .setWorkflowId("run")
                .setMemo(Map.of(ScheduledRun.MEMO, schedule))
                .setTypedSearchAttributes(
                    SearchAttributes.newBuilder()
                        .set(DataInterval.SCHEDULED_START, NOMINAL.atOffset(ZoneOffset.UTC))
                        .build())
                .build())
        .start();
  }

  private void serve(Consumer<Dag> graph) {
    AnyDag.redefine(graph);
    server.registerSearchAttribute(
        DataInterval.SCHEDULED_START.getName(), IndexedValueType.INDEXED_VALUE_TYPE_DATETIME);
    Worker worker = server.newWorker(QUEUE);
    worker.registerWorkflowImplementationTypes(AnyDag.Impl.class);
    worker.registerActivitiesImplementations(past, new Ones());
    server.start();
  }

  private RunReport end() throws TimeoutException {
    return runs.await("run", LIMIT);
  }

  private void awaitDetail(String task, String detail) {
    await().until(() -> runs.describe("run").task(task).detail().equals(detail));
  }

  /** load → sum, where load depends on the past. */
  private static void loadAndSum(Dag dag) {
    Task<Integer> load = dag.task("load", Work.class, Work::act).policy(PAST);
    dag.task("sum", Work.class, load, Work::actWith);
  }

  @Test
  void oneQuestionForAllTasksIsAllThatAGoodPastCosts() throws TimeoutException {
    start(
        dag -> {
          dag.defaults(PAST.waitForDownstream());
          Task<Integer> load = dag.task("load", Work.class, Work::act);
          dag.task("sum", Work.class, load, Work::actWith).policy(PAST);
        },
        Before.LAST);

    assertThat(end().state()).isEqualTo(RunState.SUCCESS);

    assertThat(past.questions)
        .containsExactly(
            new Question(
                "any",
                NOMINAL,
                Instant.parse("2026-03-01T00:00:00Z"),
                false,
                List.of(new Wanted("load", List.of("sum")), new Wanted("sum", List.of())),
                null,
                null));
  }

  @Test
  void aTaskWaitsUntilThePastIsMendedAndSaysForWhat() throws TimeoutException {
    past.blocked = Map.of("load", "load of any-1 to end");
    start(PreviousRunTest::loadAndSum, Before.ADJACENT);
    awaitDetail("load", "waits for load of any-1 to end");
    past.blocked = Map.of("load", "load of any-1, which is failed");
    awaitDetail("load", "waits for load of any-1, which is failed");
    assertThat(runs.describe("run").task("load").state()).isEqualTo(NodeState.NONE);
    assertThat(Grid.table(runs.describe("run")))
        .contains("· load  waits for load of any-1, which is   none\n        failed\n");

    past.blocked = Map.of();

    assertThat(end().state()).isEqualTo(RunState.SUCCESS);
    assertThat(past.questions.get(0).certain()).isTrue();
    assertThat(
            server.getWorkflowClient().fetchHistory("run").getEvents().stream()
                .filter(e -> e.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED))
        .as("one a change of what it waits for, none a poke, and the two tasks")
        .hasSize(3 + 2);
  }

  /** The poll never finds anything new here: only the previous run's own signal helps. */
  @Test
  void aTaskStartsWhenThePreviousRunSignalsThatItMayWithoutAnotherPoll() throws TimeoutException {
    past.blocked = Map.of("load", "load of any-1 to end", "sum", "sum of any-1 to end");
    start(
        dag -> {
          Task<Integer> load = dag.task("load", Work.class, Work::act).policy(PAST);
          dag.task("sum", Work.class, load, Work::actWith).policy(PAST);
        },
        Before.ADJACENT);
    awaitDetail("load", "waits for load of any-1 to end");

    signal(Map.of("sum", "sum of any-1 to end"));

    awaitDetail("sum", "waits for sum of any-1 to end");
    assertThat(runs.describe("run").task("load").state()).isEqualTo(NodeState.SUCCESS);
    signal(Map.of());
    assertThat(end().state()).isEqualTo(RunState.SUCCESS);
  }

  private void signal(Map<String, String> blocked) {
    server
        .getWorkflowClient()
        .newUntypedWorkflowStub("run")
        .signal(PreviousRunSignals.SIGNAL, new Answer(blocked, null));
  }

  /** The run after is played by another run of the same DAG, which only listens. */
  @Test
  void aRunSignalsEachChangeToTheRunsThatAskedForItAndLastlyAtItsEnd() throws TimeoutException {
    start(
        dag -> {
          Task<Integer> load = dag.task("load", Work.class, Work::act);
          dag.gate("ask").after(load);
          dag.task("sum", Work.class, load, Work::actWith).after(dag.gate("second").after(load));
        },
        Before.NONE);
    await().until(() -> runs.describe("run").task("ask").state() == NodeState.AWAITING_INPUT);
    runs.trigger("any", null, "later");
    server
        .getWorkflowClient()
        .newUntypedWorkflowStub("run")
        .signal(
            RunAfterSignals.SIGNAL,
            new RunAfter(
                "later",
                "run/1",
                List.of(new Wanted("load", List.of("ask")), new Wanted("sum", List.of())),
                Map.of("load", "ask of run to end", "sum", "sum of run to end")));
    runs.answer("run", new GateAnswer("ask", "approve", "ana"));
    await().until(() -> told("later").size() == 1);
    runs.answer("run", new GateAnswer("second", "approve", "ana"));

    assertThat(end().state()).isEqualTo(RunState.SUCCESS);

    assertThat(told("later"))
        .containsExactly(
            new Answer(Map.of("sum", "sum of run to end"), "run/1"), new Answer(Map.of(), "run/1"));
  }

  private List<Answer> told(String run) {
    return server.getWorkflowClient().fetchHistory(run).getEvents().stream()
        .filter(e -> e.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
        .map(HistoryEvent::getWorkflowExecutionSignaledEventAttributes)
        .map(
            signal ->
                DefaultDataConverter.STANDARD_INSTANCE.fromPayloads(
                    0, Optional.of(signal.getInput()), Answer.class, Answer.class))
        .toList();
  }

  @Test
  void aPersonCanLetItGo() throws TimeoutException {
    past.blocked = Map.of("load", "x");
    start(PreviousRunTest::loadAndSum, Before.LAST);
    awaitDetail("load", "waits for x");
    assertThatThrownBy(() -> runs.release("run", new Hold("sum", "ana", "")))
        .hasMessageContaining("There is no breakpoint before 'sum'");

    runs.release("run", new Hold("load", "ana", "the day is known to be bad"));

    assertThat(end().operations()).extracting(Operation::what).containsExactly("release load");
  }

  @Test
  void aPersonCanMarkItInstead() throws TimeoutException {
    past.blocked = Map.of("load", "x");
    start(
        dag -> {
          Task<Integer> load = dag.task("load", Work.class, Work::act).policy(PAST);
          dag.task("next", Work.class, Work::act).after(load);
        },
        Before.LAST);
    awaitDetail("load", "waits for x");

    runs.mark("run", new Mark("load", "skipped", null, "ana", ""));

    assertThat(end().task("next").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void whatIsClearedAsksAgain() throws TimeoutException {
    start(
        dag -> {
          Task<Integer> load = dag.task("load", Work.class, Work::act).policy(PAST);
          dag.gate("ask").after(load);
        },
        Before.LAST);
    await().until(() -> runs.describe("run").task("ask").state() == NodeState.AWAITING_INPUT);
    past.blocked = Map.of("load", "load of any-1 to end");

    runs.clear("run", new Clear(List.of("load"), false, null, false, null, "ana", ""));

    awaitDetail("load", "waits for load of any-1 to end");
    past.blocked = Map.of();
    await().until(() -> runs.describe("run").task("ask").state() == NodeState.AWAITING_INPUT);
  }

  @Test
  void theDeadlineEndsTheWait() throws TimeoutException {
    past.blocked = Map.of("load", "x");
    start(
        dag -> {
          loadAndSum(dag);
          dag.deadline(Duration.ofHours(4));
        },
        Before.LAST);

    RunReport report = end();

    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(report.task("load"))
        .returns(NodeState.SKIPPED, TaskReport::state)
        .returns("the run's deadline of PT4H has passed", TaskReport::detail);
  }

  @Test
  void aCancelEndsTheWait() {
    past.blocked = Map.of("load", "x");
    start(PreviousRunTest::loadAndSum, Before.LAST);
    awaitDetail("load", "waits for x");

    runs.cancel("run");

    assertThatThrownBy(this::end).isInstanceOf(WorkflowFailedException.class);
    assertThat(runs.describe("run").task("load"))
        .returns(NodeState.SKIPPED, TaskReport::state)
        .returns("run cancelled", TaskReport::detail);
  }

  @Test
  void aTaskThatIsToBeSkippedDoesNotWait() throws TimeoutException {
    past.blocked = Map.of("load", "x", "below", "x");
    start(
        dag -> {
          Task<Integer> first = dag.task("first", Work.class, Work::act);
          ShortCircuit enough = dag.shortCircuit("enough", first, n -> false);
          dag.task("below", Work.class, Work::act).policy(PAST).after(enough);
        },
        Before.LAST);

    assertThat(end().task("below").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(past.questions).isEmpty();
  }

  @Test
  void theFirstRunOfABackfillHasNoPast() throws TimeoutException {
    past.blocked = Map.of("load", "x");
    start(PreviousRunTest::loadAndSum, Before.NONE);

    assertThat(end().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void theFirstRunOfATimetableHasNoPast() throws TimeoutException {
    past.blocked = Map.of("load", "x");
    start(
        PreviousRunTest::loadAndSum,
        new ScheduledRun("@daily start=2026-03-02T00:00:00Z", false, 0));

    assertThat(end().state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aRunByHandHasAPastOnlyIfItIsGivenADate() throws TimeoutException {
    past.blocked = Map.of("load", "x");
    serve(PreviousRunTest::loadAndSum);

    assertThat(runs.await(runs.trigger("any", null), LIMIT).state()).isEqualTo(RunState.SUCCESS);

    runs.trigger("any", Map.of("$run", Map.of("logicalDate", NOMINAL)), "run");
    awaitDetail("load", "waits for x");
    assertThat(past.questions.get(0))
        .returns(NOMINAL, Question::nominal)
        .returns(null, Question::adjacent);
  }

  @Test
  void aBackfillThatRunsBackwardsIsRefused() {
    start(PreviousRunTest::loadAndSum, Before.LATER);

    assertThatThrownBy(this::end)
        .hasStackTraceContaining(
            "Task 'load' depends on the past, so that a backfill must not run backwards");
  }

  @Test
  void whatLetsATaskStartIsASuccessOrASkipOfItAndIfItWishesOfThoseRightBelow() {
    assertThat(blocked(NodeState.SUCCESS, NodeState.FAILED, List.of())).isEmpty();
    assertThat(blocked(NodeState.SKIPPED, NodeState.SKIPPED, List.of("below", "new"))).isEmpty();
    assertThat(blocked(NodeState.RUNNING, NodeState.NONE, List.of()))
        .containsExactly(Map.entry("load", "load of any-1 to end"));
    assertThat(blocked(NodeState.UPSTREAM_FAILED, NodeState.NONE, List.of()))
        .containsExactly(Map.entry("load", "load of any-1, which is upstream_failed"));
    assertThat(blocked(NodeState.SUCCESS, NodeState.FAILED, List.of("below")))
        .containsExactly(Map.entry("load", "below of any-1, which is failed"));
    assertThat(blocked(NodeState.SUCCESS, NodeState.NONE, List.of("below")))
        .containsExactly(Map.entry("load", "below of any-1 to end"));
  }

  private static Map<String, String> blocked(
      NodeState load, NodeState below, List<String> wantedBelow) {
    RunReport before =
        new RunReport(
            "any",
            "any-1",
            RunState.FAILED,
            NOMINAL,
            NOMINAL,
            "",
            List.of(
                new TaskReport("load", load, null, null, null, "", ""),
                new TaskReport("below", below, null, null, null, "", "")),
            List.of(),
            null);
    List<Wanted> wanted =
        List.of(new Wanted("load", wantedBelow), new Wanted("unknown there", List.of()));
    return PreviousRunLookup.blocked(
        new Question("any", NOMINAL, null, false, wanted, null, null), before);
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
