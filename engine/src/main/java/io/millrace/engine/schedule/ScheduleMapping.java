package io.millrace.engine.schedule;

import io.millrace.engine.schedule.DagSchedule.Overlap;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes declared schedules as Temporal's. */
final class ScheduleMapping {

  private ScheduleMapping() {}

  /**
   * The Temporal Schedule of a declared one, without its state.
   *
   * @param line the declaration in one line, which the runs show as their details
   */
  static Schedule of(DagSchedule declared, String taskQueue, String line) {
    return Schedule.newBuilder()
        .setSpec(spec(declared.timetable()).setJitter(declared.jitter()).build())
        .setPolicy(
            SchedulePolicy.newBuilder()
                .setOverlap(overlap(declared.overlap()))
                .setCatchupWindow(declared.catchupWindow())
                .build())
        .setAction(
            ScheduleActionStartWorkflow.newBuilder()
                .setWorkflowType(declared.dag())
                .setOptions(
                    WorkflowOptions.newBuilder()
                        .setWorkflowId(declared.dag())
                        .setTaskQueue(taskQueue)
                        .setStaticSummary("%s (scheduled)".formatted(declared.dag()))
                        .setStaticDetails(line)
                        .setMemo(Map.of(ScheduledRun.MEMO, ScheduledRun.of(declared)))
                        .build())
                .build())
        .build();
  }

  /** The rules of a timetable; Temporal adds their times up, as we do. */
  static ScheduleSpec.Builder spec(Timetable timetable) {
    List<String> crons = new ArrayList<>();
    List<ScheduleIntervalSpec> intervals = new ArrayList<>();
    List<TimeSpec> rules =
        timetable.specs().stream()
            .flatMap(spec -> NominalTimes.plain(spec, timetable.zone()).stream())
            .toList();
    for (TimeSpec rule : rules) {
      if (rule instanceof TimeSpec.Every every) {
        intervals.add(new ScheduleIntervalSpec(every.interval(), every.phase()));
      } else {
        crons.add(rule.toString());
      }
    }
    ScheduleSpec.Builder spec =
        ScheduleSpec.newBuilder()
            .setCronExpressions(crons)
            .setIntervals(intervals)
            .setTimeZoneName(timetable.zone().getId());
    if (timetable.startAt() != null) {
      spec.setStartAt(timetable.startAt());
    }
    if (timetable.endAt() != null) {
      spec.setEndAt(timetable.endAt());
    }
    return spec;
  }

  /** A run of a LATEST_ONLY schedule gives way by itself, so all must come to its start. */
  private static ScheduleOverlapPolicy overlap(Overlap overlap) {
    return switch (overlap) {
      case BUFFER_ONE -> ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE;
      case BUFFER_ALL, LATEST_ONLY -> ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL;
      case SKIP -> ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP;
      case CANCEL_OTHER -> ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_CANCEL_OTHER;
      case ALLOW_ALL -> ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL;
    };
  }
}
