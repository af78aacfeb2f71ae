package io.millrace.bench.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import io.millrace.bench.engine.EngineDag.Params;
import io.millrace.bench.engine.EngineDag.Shape;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleHandle;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.ScheduleSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Many schedules that are due in the same minute: how late each run's first task begins. */
final class EngineSchedules {
  static final int COUNT = 200;
  private static final Duration NOTICE = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private EngineSchedules() {}

  /**
   * Makes the schedules, waits for their minute and for all first tasks, and deletes them.
   *
   * @param noops the tasks' work, which notes when each began
   */
  static ObjectNode measure(WorkflowClient client, String queue, EngineDag.NoopsImpl noops)
      throws InterruptedException {
    ScheduleClient schedules = ScheduleClient.newInstance(client.getWorkflowServiceStubs());
    ZonedDateTime nominal =
        Instant.now()
            .plus(NOTICE)
            .plus(1, ChronoUnit.MINUTES)
            .truncatedTo(ChronoUnit.MINUTES)
            .atZone(ZoneOffset.UTC);
    String cron =
        "%d %d %d %d *"
            .formatted(
                nominal.getMinute(),
                nominal.getHour(),
                nominal.getDayOfMonth(),
                nominal.getMonthValue());
    List<ScheduleHandle> made = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      String id = "bench-schedule-" + i;
      made.add(
          schedules.createSchedule(
              id, schedule(id, queue, cron), ScheduleOptions.newBuilder().build()));
    }
    Instant ready = Instant.now();
    noops.forget();
    if (!ready.isBefore(nominal.toInstant())) {
      throw new IllegalStateException(
          "The schedules were not ready before their minute; give more notice");
    }
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (noops.starts().size() < COUNT && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    double[] delays =
        noops.starts().stream()
            .mapToDouble(at -> at - nominal.toInstant().toEpochMilli())
            .toArray();
    made.forEach(ScheduleHandle::delete);
    return Figures.JSON
        .createObjectNode()
        .put("schedules", COUNT)
        .put("runs", delays.length)
        .put("delay_ms_p50", Figures.percentile(50, delays))
        .put("delay_ms_p99", Figures.percentile(99, delays))
        .put("delay_ms_max", Figures.percentile(100, delays));
  }

  private static Schedule schedule(String id, String queue, String cron) {
    return Schedule.newBuilder()
        .setSpec(ScheduleSpec.newBuilder().setCronExpressions(List.of(cron)).build())
        .setAction(
            ScheduleActionStartWorkflow.newBuilder()
                .setWorkflowType("bench")
                .setArguments(new Params(Shape.CHAIN, 1, 1, false))
                .setOptions(
                    WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(queue).build())
                .build())
        .build();
  }
}
