package io.millrace.workers.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagDescription;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.workflows.operations.ShippedAssets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Pattern POOL = Pattern.compile("pool (\\S+) \\(");

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
