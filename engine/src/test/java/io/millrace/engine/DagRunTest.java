package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.toys.MillActivities;
import io.millrace.engine.toys.MillDag;
import io.millrace.engine.toys.MillDag.MillParams;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DagRunTest {

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void runsEveryTaskInTheOrderOfItsEdges() {
    RunReport report = run(new FakeMill(), null);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.tasks())
        .extracting(TaskReport::id, TaskReport::state)
        .containsExactly(
            tuple("sacks", NodeState.SUCCESS),
            tuple("grind", NodeState.SUCCESS),
            tuple("weigh", NodeState.SUCCESS),
            tuple("bake", NodeState.SUCCESS),
            tuple("sweep", NodeState.SUCCESS));
    assertThat(report.task("grind").progress()).isEqualTo("3/3");
    assertThat(report.task("weigh").detail()).isEqualTo("30 kg, at least 5");
  }

  @Test
  void skipsWhatIsBelowAnEmptyListAndStaysGreen() {
    RunReport report = run(new FakeMill(), new MillParams(0));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("grind").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(report.task("bake").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(report.task("sweep").state()).isEqualTo(NodeState.SUCCESS);
  }

  @Test
  void aFailedCheckBlocksWhatIsBelowItAndSaysWhy() {
    FakeMill mill = new FakeMill();
    mill.kilosASack = 1;

    RunReport report = run(mill, null);

    assertThat(report.task("weigh").state()).isEqualTo(NodeState.FAILED);
    assertThat(report.task("weigh").detail()).isEqualTo("3 kg, at least 5");
    assertThat(report.task("bake").state()).isEqualTo(NodeState.UPSTREAM_FAILED);
    assertThat(report.task("sweep").state()).isEqualTo(NodeState.SUCCESS);
  }

  @Test
  void aFailedItemFailsTheMapAfterTheOthersEnded() {
    FakeMill mill = new FakeMill();
    mill.broken = "sack-1";

    RunReport report = run(mill, null);

    assertThat(report.task("grind").state()).isEqualTo(NodeState.FAILED);
    assertThat(report.task("grind").progress()).isEqualTo("3/3");
    assertThat(report.task("grind").detail()).contains("1 of 3", "sack-1", "the stone broke");
    assertThat(mill.ground).isEqualTo(2);
  }

  @Test
  void holdsNoThreadForATaskSoThatHundredsOfItemsFit() {
    RunReport report = run(new FakeMill(), new MillParams(500));

    assertThat(report.task("grind").progress()).isEqualTo("500/500");
  }

  private RunReport run(FakeMill mill, MillParams params) {
    Worker worker = server.newWorker("toys");
    worker.registerWorkflowImplementationTypes(MillDag.Impl.class);
    worker.registerActivitiesImplementations(mill);
    server.start();
    MillDag dag =
        server
            .getWorkflowClient()
            .newWorkflowStub(
                MillDag.class, WorkflowOptions.newBuilder().setTaskQueue("toys").build());
    return dag.run(params);
  }

  /** Grinds ten kilos a sack unless told otherwise. */
  private static final class FakeMill implements MillActivities {
    private int kilosASack = 10;
    private String broken = "";
    private int ground;

    @Override
    public List<String> sacks(int count) {
      return IntStream.range(0, count).mapToObj(i -> "sack-" + i).toList();
    }

    @Override
    public synchronized int grind(String sack) {
      if (sack.equals(broken)) {
        throw new IllegalStateException("the stone broke");
      }
      ground++;
      return kilosASack;
    }

    @Override
    public Weighing weigh(List<Integer> flour) {
      return new Weighing(flour.stream().mapToInt(Integer::intValue).sum(), 5);
    }

    @Override
    public String bake(Weighing weighing) {
      return weighing.kilos() + " loaves";
    }
  }
}
