package io.millrace.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Dag;
import io.millrace.engine.DagRunOps.GateAnswer;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.NodeState;
import io.millrace.engine.Policy;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.Task;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.engine.toys.RealServer;
import io.millrace.testing.Waiting;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker is replaced by one with other code while a run waits at a gate, on a real server. */
class ChangedCodeIT {

  private static final String QUEUE = "changed-code";

  private final WorkflowClient client = RealServer.client();
  private final DagRuns runs = new DagRuns(client, QUEUE, Duration.ofSeconds(5));
  private final Values values = new Values();
  private WorkerFactory factory;

  /** Each call has another result, and uses are recorded by the value that they were given. */
  private static final class Values implements Work {
    private final AtomicInteger last = new AtomicInteger();
    private final Map<String, Integer> used = new ConcurrentHashMap<>();

    @Override
    public Integer act() {
      return last.incrementAndGet();
    }

    @Override
    public Integer actWith(Integer input) {
      used.put("a", input);
      return input;
    }

    @Override
    public List<Integer> items() {
      return List.of();
    }

    @Override
    public Integer both(List<Integer> pair) {
      used.put("b", pair.get(0));
      return pair.get(0);
    }
  }

  private static void before(Dag dag) {
    dag.defaults(RealServer.mortal(Policy.DEFAULT));
    Task<Integer> a = dag.task("a", Work.class, Work::act);
    Task<Integer> b = dag.task("b", Work.class, Work::act);
    use(dag, a, b);
  }

  private static void swapped(Dag dag) {
    dag.defaults(RealServer.mortal(Policy.DEFAULT));
    Task<Integer> b = dag.task("b", Work.class, Work::act);
    Task<Integer> a = dag.task("a", Work.class, Work::act);
    use(dag, a, b);
  }

  private static void use(Dag dag, Task<Integer> a, Task<Integer> b) {
    var gate = dag.gate("gate").options("yes").after(a, b);
    dag.task("useA", Work.class, a, Work::actWith).after(gate);
    dag.task("useB", Work.class, b, (work, value) -> work.both(List.of(value))).after(gate);
  }

  @AfterEach
  void stop() {
    factory.shutdownNow();
    // The graph is the JVM's: a worker that still ends must not answer with its own.
    Awaitility.await().until(factory::isTerminated);
  }

  @Test
  void aRunStopsAtSwappedTasksSaysSoAndGoesOnWithItsOwnCode() throws TimeoutException {
    start(ChangedCodeIT::before);
    String run = runs.trigger("any", null);
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> runs.describe(run).task("gate").state() == NodeState.AWAITING_INPUT);
    stop();

    start(ChangedCodeIT::swapped);
    assertThatThrownBy(() -> answer(run))
        .isInstanceOf(DagRuns.Refused.class)
        .hasMessageContaining("run %s cannot go on", run)
        .hasMessageContaining("its history has task 'a'")
        .hasMessageContaining("where the code now has task 'b'")
        .hasMessageContaining("terminate it and start a rerun")
        .hasMessageContaining("(The request may still be carried out later.)");
    assertThat(values.used).isEmpty();
    stop();

    start(ChangedCodeIT::before);
    awaitAnswered(run);
    assertThat(runs.await(run, Waiting.LIMIT).state()).isEqualTo(RunState.SUCCESS);
    assertThat(values.used)
        .containsEntry("a", resultOf(run, "a"))
        .containsEntry("b", resultOf(run, "b"));
    assertThat(values.last).hasValue(2);
  }

  /** The first answer may be the one that is taken. */
  private void awaitAnswered(String run) {
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              if (runs.describe(run).task("gate").state() == NodeState.AWAITING_INPUT) {
                answer(run);
              }
              return runs.describe(run).task("gate").state() == NodeState.SUCCESS;
            });
  }

  private void answer(String run) {
    runs.answer(run, new GateAnswer("gate", "yes", "ana"));
  }

  private Integer resultOf(String run, String task) {
    DataConverter data = client.getOptions().getDataConverter();
    List<HistoryEvent> events = client.fetchHistory(run).getEvents();
    return events.stream()
        .filter(HistoryEvent::hasActivityTaskCompletedEventAttributes)
        .map(HistoryEvent::getActivityTaskCompletedEventAttributes)
        .filter(done -> task.equals(summary(events.get((int) done.getScheduledEventId() - 1))))
        .map(
            done ->
                data.fromPayloads(0, Optional.of(done.getResult()), Integer.class, Integer.class))
        .findFirst()
        .orElseThrow();
  }

  private String summary(HistoryEvent event) {
    return client
        .getOptions()
        .getDataConverter()
        .fromPayload(event.getUserMetadata().getSummary(), String.class, String.class);
  }

  private void start(Consumer<Dag> graph) {
    AnyDag.redefine(graph);
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    Worker worker = factory.newWorker(QUEUE, RealServer.mortal(DagWorkers.options(4)));
    DagWorkers.register(worker, AnyDag.Impl.class);
    worker.registerActivitiesImplementations(values);
    factory.start();
  }
}
