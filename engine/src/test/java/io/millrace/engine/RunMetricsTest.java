package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.uber.m3.tally.Capabilities;
import com.uber.m3.tally.CapableOf;
import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.tally.StatsReporter;
import com.uber.m3.util.Duration;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.testing.Waiting;
import io.temporal.activity.DynamicActivity;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class RunMetricsTest {

  private static final SearchAttributeKey<OffsetDateTime> NOMINAL =
      SearchAttributeKey.forOffsetDateTime("TemporalScheduledStartTime");

  /** Keeps the names and tags of timers. */
  private static final class Kept implements StatsReporter {
    private final Collection<String> timers = new ConcurrentLinkedQueue<>();

    @Override
    public void reportTimer(String name, Map<String, String> tags, Duration interval) {
      if (name.startsWith("millrace_")) {
        Map<String, String> ours = new TreeMap<>(tags);
        ours.keySet().removeIf(key -> !Set.of("dag", "task", "state").contains(key));
        timers.add(name + ours);
      }
    }

    @Override
    public void reportCounter(String name, Map<String, String> tags, long value) {}

    @Override
    public void reportGauge(String name, Map<String, String> tags, double value) {}

    @Override
    @SuppressWarnings({"rawtypes", "deprecation"}) // as the interface has it
    public void reportHistogramValueSamples(
        String name,
        Map<String, String> tags,
        com.uber.m3.tally.Buckets buckets,
        double lower,
        double upper,
        long samples) {}

    @Override
    @SuppressWarnings({"rawtypes", "deprecation"}) // as the interface has it
    public void reportHistogramDurationSamples(
        String name,
        Map<String, String> tags,
        com.uber.m3.tally.Buckets buckets,
        Duration lower,
        Duration upper,
        long samples) {}

    @Override
    public Capabilities capabilities() {
      return CapableOf.REPORTING;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void tellsOfEachTaskAndOfTheRun() {
    Kept kept = new Kept();
    Scope scope = new RootScopeBuilder().reporter(kept).reportEvery(Duration.ofMillis(10));
    AnyDag.redefine(
        dag -> {
          Task<Integer> good = dag.task("good", Work.class, Work::act);
          dag.task("bad", Work.class, Work::act).after(good);
          dag.task("never", Work.class, Work::act).after(good).when(good, value -> false);
        });
    try (TestWorkflowEnvironment server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder().setMetricsScope(scope).build())) {
      Worker worker = server.newWorker("q");
      DagWorkers.register(worker, AnyDag.Impl.class);
      worker.registerActivitiesImplementations(
          (DynamicActivity) args -> kept.timers.isEmpty() ? 1 : FlowTest.fail("broken"));
      server.start();
      DagRuns runs = new DagRuns(server.getWorkflowClient(), "q");
      assertThat(runs.await(runs.trigger("any", null), Waiting.LIMIT).state())
          .isEqualTo(RunReport.RunState.FAILED);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }

    await()
        .untilAsserted(
            () ->
                assertThat(kept.timers)
                    .containsExactlyInAnyOrder(
                        "millrace_task_duration{dag=any, state=success, task=good}",
                        "millrace_task_duration{dag=any, state=failed, task=bad}",
                        "millrace_run_duration{dag=any, state=failed}"));
  }

  @Test
  void tellsHowLateARunByTheClockHasStarted() {
    Kept kept = new Kept();
    Scope scope = new RootScopeBuilder().reporter(kept).reportEvery(Duration.ofMillis(10));
    AnyDag.redefine(dag -> dag.gate("ask").timeout(java.time.Duration.ofHours(1), "approve"));
    try (TestWorkflowEnvironment server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder().setMetricsScope(scope).build())) {
      server.registerSearchAttribute(
          NOMINAL.getName(), IndexedValueType.INDEXED_VALUE_TYPE_DATETIME);
      Worker worker = server.newWorker("q");
      DagWorkers.register(worker, AnyDag.Impl.class);
      server.start();
      for (String backfill : new String[] {null, "backfill-1"}) {
        WorkflowStub run =
            server
                .getWorkflowClient()
                .newUntypedWorkflowStub("any", scheduled(backfill, server.currentTimeMillis()));
        run.start();
        run.getResult(RunReport.class);
      }
    }

    await()
        .untilAsserted(
            () ->
                assertThat(kept.timers)
                    .contains("millrace_run_duration{dag=any, state=success}")
                    .containsOnlyOnce("millrace_run_schedule_delay{dag=any}"));
  }

  private static WorkflowOptions scheduled(String backfill, long nowMillis) {
    return WorkflowOptions.newBuilder()
        .setTaskQueue("q")
        .setMemo(
            Map.of(
                ScheduledRun.MEMO,
                new ScheduledRun("@hourly", false, 0, backfill, ScheduledRun.Before.LAST)))
        .setTypedSearchAttributes(
            SearchAttributes.newBuilder()
                .set(NOMINAL, Instant.ofEpochMilli(nowMillis).atOffset(ZoneOffset.UTC))
                .build())
        .build();
  }
}
