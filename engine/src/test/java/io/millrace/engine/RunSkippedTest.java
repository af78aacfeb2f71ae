package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The rule: a run counts as skipped if it succeeded without having done anything. */
class RunSkippedTest {

  @Test
  void ifNoTaskHasWorked() {
    RunReport report =
        run(
            dag ->
                dag.task("load", Work.class, Work::act)
                    .after(dag.sensor("look", Work.class, Work::act)));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.skipped()).isEqualTo("nothing new");
  }

  @Test
  void ifATaskThatDecidesItWasSkippedWithEverythingBelow() {
    RunReport report = run(dag -> lookAndLoad(dag, true));

    assertThat(report.task("connect").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(report.skipped()).isEqualTo("nothing new");
  }

  @Test
  void notIfATaskHasWorkedBeforeTheLastWasSkipped() {
    assertThat(run(dag -> lookAndLoad(dag, false)).skipped()).isNull();
  }

  @Test
  void notIfALastTaskRanAllTheSame() {
    RunReport report =
        run(
            dag ->
                dag.task("report", Work.class, Work::act)
                    .after(lookAndLoad(dag, true))
                    .rule(TriggerRule.ALL_DONE));

    assertThat(report.task("report").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(report.skipped()).isNull();
  }

  @Test
  void notIfItDidSomethingOrFailed() {
    assertThat(run(dag -> dag.task("load", Work.class, Work::act)).skipped()).isNull();
    RunReport failed =
        run(
            dag -> {
              lookAndLoad(dag, true);
              dag.task("bad", Work.class, Work::act);
            });
    assertThat(failed.state()).isEqualTo(RunState.FAILED);
    assertThat(failed.skipped()).isNull();
  }

  private static Task<Integer> lookAndLoad(Dag dag, boolean decides) {
    Task<Integer> connect = dag.task("connect", Work.class, Work::act);
    Task<Integer> look = dag.task("look", Work.class, Work::act).after(connect);
    if (decides) {
      look.skipRunOnSkip();
    }
    return dag.task("load", Work.class, Work::act).after(look);
  }

  private static RunReport run(Consumer<Dag> graph) {
    try (DagTest test =
        AnyDag.of(graph)
            .fake("bad", args -> FlowTest.fail("broken"))
            .fake(
                "look",
                args -> {
                  throw TaskSkipped.because("nothing new");
                })) {
      return test.run(null);
    }
  }
}
