package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.lake.CompactionActivitiesImpl;
import io.millrace.core.events.Event;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.workflows.lake.CompactionActivities;
import io.millrace.workflows.lake.CompactionParams;
import io.millrace.workflows.lake.CompactionResult;
import io.millrace.workflows.lake.CompactionTarget;
import io.millrace.workflows.lake.RetentionResult;
import io.temporal.testing.TestActivityEnvironment;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small objects become one beside the loader: no line is lost, none is loaded again. */
class CompactionIT extends EmptyWarehouse {
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private CompactionActivities compaction;

  @BeforeEach
  void start() throws Exception {
    temporal.registerActivitiesImplementations(
        new CompactionActivitiesImpl(
            rig.store(), rig.warehouse, Clock.offset(Clock.systemUTC(), Duration.ofDays(2))));
    compaction = temporal.newActivityStub(CompactionActivities.class);
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  private CompactionParams params(int retentionDays) {
    return new CompactionParams(
        rig.lake.bucket(),
        TestLake.PREFIX,
        0,
        3,
        1 << 20,
        10,
        2,
        retentionDays == 0 ? Map.of() : Map.of(rig.lake.bucket(), retentionDays));
  }

  @Test
  void makesOneOfManyAndNothingIsLoadedAgain() throws Exception {
    List<Event> events = TestEvents.some(600);
    for (int i = 0; i < 6; i++) {
      rig.lake.put("hour=00/part-" + i, events.subList(100 * i, 100 * i + 100));
    }
    rig.run();
    rig.lake.put("hour=01/part-0", events.subList(0, 10));
    long facts = rig.number("SELECT count(*) FROM dwh.fact_events");
    long bronze = rig.number("SELECT count(*) FROM bronze.events");
    List<String> before = rig.lake.lines("hour=00/");

    List<CompactionTarget> targets = compaction.plan(params(0));
    assertThat(targets).hasSize(1);
    // As after a crash: the plan is found again, and so is a new object whose sources are there.
    assertThat(compaction.plan(params(0))).isEqualTo(targets);
    CompactionResult result = compaction.compact(targets.get(0));
    assertThat(result.objects()).isEqualTo(6);
    assertThat(compaction.compact(targets.get(0)).objects()).isZero();

    assertThat(rig.lake.keys("hour=00/")).hasSize(1);
    assertThat(rig.lake.lines("hour=00/")).isEqualTo(before);
    assertThatThrownBy(() -> compaction.plan(params(0))).hasStackTraceContaining("No quiet folder");
    rig.run();
    assertThat(rig.number("SELECT count(*) FROM bronze.events")).isEqualTo(bronze + 10);
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(facts);
    RunReport nothing = rig.run();
    assertThat(nothing.task("list_new_objects").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void deletesOnlyWhatIsOldAndLoaded() throws Exception {
    List<Event> events = TestEvents.some(20);
    rig.lake.put("hour=00/loaded", events.subList(0, 10));
    rig.run();
    rig.lake.put("hour=00/new", events.subList(10, 20));

    assertThat(compaction.applyRetention(params(3))).isEqualTo(new RetentionResult(0, 0));
    assertThat(compaction.applyRetention(params(1))).isEqualTo(new RetentionResult(1, 1));
    assertThat(rig.lake.keys("hour=00/")).singleElement().asString().contains("new");
    assertThatThrownBy(() -> compaction.applyRetention(params(0)))
        .hasStackTraceContaining("No bucket has a policy");
  }

  @Test
  void givesUpWhenAnObjectWasReplaced() throws Exception {
    List<Event> events = TestEvents.some(40);
    for (int i = 0; i < 4; i++) {
      rig.lake.put("hour=00/part-" + i, events.subList(10 * i, 10 * i + 10));
    }
    rig.run();
    List<CompactionTarget> targets = compaction.plan(params(0));
    rig.lake.put("hour=00/part-2", events.subList(0, 5));

    assertThatThrownBy(() -> compaction.compact(targets.get(0)))
        .hasStackTraceContaining("was replaced");
    assertThat(rig.lake.keys("hour=00/")).hasSize(4);
    assertThat(rig.number("SELECT count(*) FROM lake.objects WHERE compacted_into IS NOT NULL"))
        .isZero();
  }
}
