package io.millrace.workers.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.Kind;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.workflows.operations.ShippedAssets;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Pattern POOL = Pattern.compile("pool (\\S+) \\(");

  private static final Duration OUTAGE = Duration.ofMinutes(10);

  /** A child run has tasks with policies of their own. */
  private static final Set<Kind> WORK = Set.of(Kind.TASK, Kind.MAPPED, Kind.SENSOR);

  /** One that is not declared has a single slot, and the tasks that share it wait in line. */
  @Test
  void declaresEveryPoolThatATaskNames() {
    Set<String> named = new TreeSet<>();
    for (Pipeline pipeline : Pipeline.ALL) {
      DagDescription.of(pipeline.implementation())
          .tasks()
          .forEach(
              task ->
                  POOL.matcher(task.policy())
                      .results()
                      .map(match -> match.group(1))
                      .forEach(named::add));
    }

    assertThat(named).isEqualTo(Pipeline.POOLS.keySet());
  }

  /** An outage that a person ends within ten minutes costs retries, and no run. */
  @Test
  void everyTaskOutlastsAnOutageOfItsStore() {
    for (Pipeline pipeline : Pipeline.ALL) {
      assertThat(DagDescription.of(pipeline.implementation()).tasks())
          .as(pipeline.name())
          .filteredOn(task -> WORK.contains(task.kind()))
          .isNotEmpty()
          .allSatisfy(
              task -> assertThat(task.patience()).as(task.id()).isGreaterThanOrEqualTo(OUTAGE));
    }
  }

  @Test
  void goldStartsMaterialize() {
    assertThat(Pipeline.assetSchedules())
        .singleElement()
        .returns(Pipeline.MATERIALIZE, AssetSchedule::dag)
        .returns(Pipeline.TASK_QUEUE, AssetSchedule::taskQueue)
        .returns(
            Set.of(ShippedAssets.GOLD_EVENTS.name()), schedule -> schedule.condition().assets());
  }
}
