package io.millrace.engine.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.Operation;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.notify.Notification.Level;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.testing.Waiting;
import io.temporal.activity.DynamicActivity;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunAlertsTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aRunThatFailsOrSucceedsIsToldOfAsDeclared() {
    try (DagTest dag =
        AnyDag.of(
            graph -> {
              graph.alerts().onFailure("pager").onSuccess("chat");
              graph.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
              graph.task("grind", Work.class, Work::act);
            })) {
      dag.fake("grind", args -> fail("the stone is broken"));
      RunReport failed = dag.run(null);
      dag.fake("grind", args -> 1);
      RunReport fine = dag.run(null);

      assertThat(failed.state()).isEqualTo(RunState.FAILED);
      assertThat(dag.notifications())
          .extracting(Notification::level)
          .containsExactly(Level.ERROR, Level.INFO);
      Notification told = dag.notifications().get(0);
      assertThat(told.title()).isEqualTo(failed.runId() + " failed");
      assertThat(told.text()).contains("grind failed: ", "the stone is broken");
      assertThat(told.fields())
          .containsEntry("dag", "any")
          .containsEntry("logical date", failed.logicalDate().toString());
      assertThat(dag.notifications().get(1).title()).isEqualTo(fine.runId() + " succeeded");
      assertThat(fine.operations()).isEmpty();
    }
  }

  @Test
  void everyTryThatIsFollowedByAnotherIsToldOf() {
    AtomicInteger tries = new AtomicInteger();
    try (DagTest dag =
        AnyDag.of(
            graph -> {
              graph.alerts().onRetry("chat");
              graph.defaults(Policy.DEFAULT.withRetries(2, Duration.ofSeconds(1)));
              graph.task("grind", Work.class, Work::act);
            })) {
      dag.fake("grind", args -> fail("try " + tries.incrementAndGet()));
      String run = dag.run(null).runId();

      assertThat(dag.notifications())
          .extracting(Notification::title)
          .containsExactly(
              "grind of " + run + " is tried again: try 1 failed",
              "grind of " + run + " is tried again: try 2 failed");
      assertThat(dag.notifications().get(1).text()).isEqualTo("IllegalStateException: try 2");
    }
  }

  @Test
  void anItemThatAChildRunWorksOffIsToldOfByTheDagsRunAndNotForEver() {
    try (DagTest dag =
        AnyDag.of(
            graph -> {
              graph.alerts().onRetry("chat");
              graph.defaults(Policy.DEFAULT.withRetries(1, Duration.ofSeconds(1)));
              List<Integer> items = IntStream.range(0, 501).boxed().toList();
              graph.map("grind", items, Work.class, Work::actWith);
            })) {
      dag.fake("grind", args -> args.get(0, Integer.class) < 30 ? fail("stone") : 1);
      String run = dag.run(null).runId();

      assertThat(dag.notifications()).hasSize(20);
      assertThat(dag.notifications())
          .allSatisfy(told -> assertThat(told.title()).contains("of " + run + " is tried again"));
      assertThat(dag.notifications())
          .filteredOn(told -> told.text().contains("Further retries are not told of"))
          .hasSize(1);
    }
  }

  @Test
  void aRunThatIsHeldForItsFailuresIsToldOfOnce() {
    try (DagTest dag =
        AnyDag.of(
            graph -> {
              graph.alerts().onFailure("pager");
              graph.defaults(Policy.DEFAULT.withRetries(0, Duration.ofSeconds(1)));
              graph.holdOnFailure();
              graph.task("grind", Work.class, Work::act);
              graph.task("sweep", Work.class, Work::act);
            })) {
      dag.fake("grind", args -> fail("the stone is broken")).start(null);
      await().until(() -> !dag.notifications().isEmpty());

      assertThat(dag.notifications())
          .singleElement()
          .satisfies(
              told -> {
                assertThat(told.title()).endsWith(" is held: tasks failed");
                assertThat(told.text()).contains("the stone is broken");
              });
    }
  }

  @Test
  void aMissedDeadlineIsToldOnceAndStopsNothing() {
    try (DagTest dag =
        AnyDag.of(
            graph -> {
              graph.alerts().deadline(HOUR, "pager").deadline(HOUR.multipliedBy(9), "boss");
              graph.gate("go").timeout(HOUR.multipliedBy(3), "approve");
            })) {
      RunReport run = dag.run(null);

      assertThat(run.state()).isEqualTo(RunState.SUCCESS);
      assertThat(dag.notifications())
          .singleElement()
          .satisfies(
              told -> {
                assertThat(told.title()).isEqualTo(run.runId() + " has missed its deadline");
                assertThat(told.text()).isEqualTo("It has not ended 1 h 00 min after its start.");
              });
    }
  }

  @Test
  void aRunThatTakesAMultipleOfTheAverageIsToldOf() throws TimeoutException {
    Queue<Notification> told = new ConcurrentLinkedQueue<>();
    Consumer<Dag> graph =
        dag -> {
          dag.alerts().deadlineTimesAverage(2, "chat");
          dag.gate("go").timeout(HOUR.multipliedBy(3), "approve");
        };
    run(graph, new Notifiers(Map.of("chat", told::add), List.of()), List.of(HOUR, HOUR, HOUR));
    assertThat(told)
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.text())
                    .isEqualTo(
                        "It has not ended 2 h 00 min after its start, 2.0 times the average."));
    told.clear();

    run(graph, new Notifiers(Map.of("chat", told::add), List.of()), List.of(HOUR, HOUR));
    assertThat(told).as("two runs have no average").isEmpty();
  }

  @Test
  void aNotifierThatFailsIsNamedInTheRunAndFailsNothing() throws TimeoutException {
    AtomicInteger tries = new AtomicInteger();
    Queue<Notification> told = new ConcurrentLinkedQueue<>();
    Notifier broken =
        notification -> {
          tries.incrementAndGet();
          throw NotifyException.passing("chat.example cannot be reached", null);
        };
    RunReport run =
        run(
            dag -> {
              dag.alerts().onSuccess("chat", "mail").onFailure("nobody");
              dag.task("grind", Work.class, Work::act);
            },
            new Notifiers(Map.of("chat", broken, "mail", told::add), List.of()),
            List.of());

    assertThat(run.state()).isEqualTo(RunState.SUCCESS);
    assertThat(run.operations())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.what())
                  .isEqualTo("alert not delivered: " + run.runId() + " succeeded");
              assertThat(note.why()).isEqualTo("chat: chat.example cannot be reached");
              assertThat(note.by()).isEqualTo("millrace");
            });
    assertThat(tries).hasValue(Policy.PATIENT.retry().retries() + 1);
    assertThat(told).as("the others are told").isNotEmpty();
  }

  @Test
  void aNotifierThatDoesNotExistIsNamedAtOnce() throws TimeoutException {
    RunReport run =
        run(
            dag -> {
              dag.alerts().onSuccess("chat");
              dag.task("grind", Work.class, Work::act);
            },
            Notifiers.NONE,
            List.of());

    assertThat(run.operations())
        .extracting(Operation::why)
        .singleElement()
        .asString()
        .contains("There is no notifier 'chat'");
  }

  @Test
  void namingNobodyMeansTheDefaults() throws TimeoutException {
    Queue<Notification> told = new ConcurrentLinkedQueue<>();
    RunReport run =
        run(
            dag -> {
              dag.alerts().onSuccess();
              dag.task("grind", Work.class, Work::act);
            },
            new Notifiers(Map.of("chat", told::add), List.of("chat")),
            List.of());

    assertThat(told).extracting(Notification::link).containsExactly("http://ui/" + run.runId());
    assertThatThrownBy(() -> new Notifiers(Map.of(), List.of("chat")))
        .hasMessageContaining("There is no notifier 'chat'");
  }

  @Test
  void deadlinesAreChecked() {
    RunAlerts alerts = new RunAlerts();
    assertThatThrownBy(() -> alerts.deadline(Duration.ZERO)).hasMessageContaining("PT0S");
    assertThatThrownBy(() -> alerts.deadlineTimesAverage(-1)).hasMessageContaining("-1.0");
  }

  private static RunReport run(Consumer<Dag> graph, Notifiers notifiers, List<Duration> durations)
      throws TimeoutException {
    AnyDag.redefine(graph);
    try (TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance()) {
      Worker worker = server.newWorker("q");
      DagWorkers.register(worker, AnyDag.Impl.class);
      worker.registerActivitiesImplementations(
          (DynamicActivity) args -> 1,
          new NotifyActivitiesImpl(notifiers, run -> "http://ui/" + run, dag -> durations));
      server.start();
      DagRuns runs = new DagRuns(server.getWorkflowClient(), "q");
      return runs.await(runs.trigger("any", null), Waiting.LIMIT);
    }
  }

  private static Object fail(String why) {
    throw new IllegalStateException(why);
  }
}
