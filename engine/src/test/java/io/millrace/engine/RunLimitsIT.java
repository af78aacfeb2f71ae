package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Text;
import io.millrace.engine.toys.RealServer;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run sends at once, and has going on at once, stays below the limits of a real server. */
class RunLimitsIT {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String LARGE = "x".repeat(15_000);

  private final WorkflowClient client = RealServer.client();
  private final String queue = "limits-" + UUID.randomUUID();
  private final WorkerFactory factory =
      WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));

  @BeforeEach
  void start() {
    Worker worker = factory.newWorker(queue, DagWorkers.options(50));
    DagWorkers.register(worker, AnyDag.Impl.class);
    worker.registerActivitiesImplementations(new Length());
    factory.start();
  }

  @AfterEach
  void stop() {
    factory.shutdownNow();
  }

  private RunReport run(Consumer<Dag> graph) throws TimeoutException {
    AnyDag.redefine(graph);
    DagRuns runs = new DagRuns(client, queue);
    return runs.await(runs.trigger("any", null, queue), LIMIT);
  }

  @Test
  void fourHundredTasksWithLargeArgumentsStartInSeveralSteps() throws TimeoutException {
    RunReport report =
        run(
            dag -> {
              for (int i = 0; i < 400; i++) {
                dag.task("t" + i, Text.class, text -> text.length(LARGE));
              }
            });

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aMapWithLargeArgumentsStartsInSeveralSteps() throws TimeoutException {
    RunReport report =
        run(
            dag ->
                dag.map("load", Collections.nCopies(500, LARGE), Text.class, Text::length)
                    .maxActive(500));

    assertThat(report.task("load").progress()).isEqualTo("500/500");
  }

  @Test
  void aLargeMapIsCutIntoChunksThatTheServerTakes() throws TimeoutException {
    List<String> items = Collections.nCopies(600, LARGE);

    RunReport report = run(dag -> dag.map("load", items, Text.class, Text::length));

    assertThat(report.task("load").progress()).isEqualTo("600/600");
  }

  @Test
  void moreTasksThanTheServerLetsWaitStartOneAfterTheOther() throws TimeoutException {
    RunReport report =
        run(
            dag -> {
              for (int i = 0; i < 2_200; i++) {
                dag.task("t" + i, Text.class, text -> text.length(""));
              }
            });

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
  }

  @Test
  void aRunStopsBeforeItsHistoryIsFullAndTearsDown() throws TimeoutException {
    RunReport report =
        run(
            dag -> {
              dag.maxEvents(60);
              Task<Integer> up = dag.task("up", Text.class, text -> text.length(""));
              Task<Integer> last = up;
              for (int i = 0; i < 40; i++) {
                last = dag.task("t" + i, Text.class, text -> text.length("")).after(last);
              }
              dag.task("down", Text.class, text -> text.length("")).after(last).teardownOf(up);
            });

    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(report.task("down").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(report.task("t39").detail()).startsWith("its history has ");
  }

  /** The only activity. */
  private static final class Length implements Text {
    @Override
    public String text() {
      return "";
    }

    @Override
    public Integer length(String text) {
      return text.length();
    }
  }
}
