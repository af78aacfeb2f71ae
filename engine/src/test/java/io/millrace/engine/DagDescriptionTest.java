package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DagDescription.Kind;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.engine.toys.MillDag;
import io.millrace.engine.toys.YardDags;
import io.millrace.engine.toys.YardDags.Shape;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DagDescriptionTest {

  @Test
  void tellsTheTasksInOrderWithoutARun() {
    DagDescription dag = DagDescription.of(YardDags.GatedImpl.class);

    assertThat(dag.name()).isEqualTo("gated");
    assertThat(dag.params()).isEqualTo(new Shape(1, false));
    assertThat(dag.tasks())
        .containsExactly(
            task("first", Kind.TASK, List.of()),
            task("promote", Kind.GATE, List.of("first")),
            task("last", Kind.TASK, List.of("promote")));
  }

  @Test
  void tellsMappedTasksAndPolicies() {
    DagDescription dag = DagDescription.of(YardDags.SlowImpl.class);

    assertThat(dag.tasks())
        .filteredOn(task -> task.id().equals("many"))
        .singleElement()
        .returns(Kind.MAPPED, TaskDescription::kind)
        .returns("no retry, 1h a try, heartbeat 1s", TaskDescription::policy)
        .returns(Duration.ZERO, TaskDescription::patience);
  }

  @Test
  void refusesWhatIsNoDag() {
    assertThatThrownBy(() -> DagDescription.of(MillDag.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DagDescription.of(String.class))
        .hasMessageContaining("does not extend DagWorkflow");
  }

  private static TaskDescription task(String id, Kind kind, List<String> upstream) {
    String policy = kind == Kind.GATE ? "" : "2 retries, 1h a try";
    Duration patience =
        Duration.ofMillis(kind == Kind.GATE ? 0 : 2_400); // 1 s and 2 s, less a fifth
    return new TaskDescription(id, kind, upstream, List.of(), policy, patience);
  }
}
