package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that depend on the past in a {@code DagTest}, whose server keeps no list of runs. */
class PreviousRunDagTestTest {

  private static final Policy PAST = Policy.DEFAULT.dependsOnPast();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunWithALogicalDateHasNoPreviousRunAndStartsAtOnce(boolean withDownstream) {
    try (DagTest test = dag(withDownstream ? PAST.waitForDownstream() : PAST)) {
      RunReport report = test.run(Map.of("$run", Map.of("logicalDate", "2026-03-02T00:00:00Z")));

      assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      assertThat(test.calls()).containsExactly("load", "sum");
    }
  }

  @Test
  void aSecondRunForALaterDateDoesNotWaitEither() {
    try (DagTest test = dag(PAST)) {
      for (String day : new String[] {"2026-03-02", "2026-03-03"}) {
        assertThat(test.run(Map.of("$run", Map.of("logicalDate", day + "T00:00:00Z"))).state())
            .isEqualTo(RunState.SUCCESS);
      }
    }
  }

  private static DagTest dag(Policy policy) {
    AnyDag.redefine(
        dag -> {
          Task<Integer> load = dag.task("load", Work.class, Work::act).policy(policy);
          dag.task("sum", Work.class, load, Work::actWith).policy(policy);
        });
    return DagTest.of(AnyDag.Impl.class).otherwise(args -> 1);
  }
}
