package io.millrace.engine.schedule;

import com.google.protobuf.Duration;
import io.millrace.engine.schedule.DagSchedule.Overlap;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowType;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.api.schedule.v1.IntervalSpec;
import io.temporal.api.schedule.v1.Schedule;
import io.temporal.api.schedule.v1.ScheduleAction;
import io.temporal.api.schedule.v1.SchedulePolicies;
import io.temporal.api.schedule.v1.ScheduleSpec;
import io.temporal.api.sdk.v1.UserMetadata;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflow.v1.NewWorkflowExecutionInfo;
import io.temporal.common.converter.DataConverter;

/** Writes declared schedules as Temporal's. */
final class ScheduleProto {

  private final DataConverter converter;

  ScheduleProto(DataConverter converter) {
    this.converter = converter;
  }

  /**
   * The Temporal Schedule of a declared one, without its state.
   *
   * @param line the declaration in one line, which the runs show as their details
   * @param memo what its runs get to know of it
   */
  Schedule.Builder of(DagSchedule declared, String taskQueue, String line, ScheduledRun memo) {
    return Schedule.newBuilder()
        .setSpec(spec(declared))
        .setPolicies(
            SchedulePolicies.newBuilder()
                .setOverlapPolicy(overlap(declared.overlap()))
                .setCatchupWindow(duration(declared.catchupWindow())))
        .setAction(
            ScheduleAction.newBuilder()
                .setStartWorkflow(
                    NewWorkflowExecutionInfo.newBuilder()
                        .setWorkflowId(declared.dag())
                        .setWorkflowType(WorkflowType.newBuilder().setName(declared.dag()))
                        .setTaskQueue(TaskQueue.newBuilder().setName(taskQueue))
                        .setUserMetadata(
                            UserMetadata.newBuilder()
                                .setSummary(payload("%s (scheduled)".formatted(declared.dag())))
                                .setDetails(payload(line)))
                        .setMemo(Memo.newBuilder().putFields(ScheduledRun.MEMO, payload(memo)))));
  }

  Payload payload(Object value) {
    return converter.toPayload(value).orElseThrow();
  }

  /** The rules of a timetable; Temporal adds their times up, as we do. */
  private static ScheduleSpec spec(DagSchedule declared) {
    Timetable timetable = declared.timetable();
    ScheduleSpec.Builder spec =
        ScheduleSpec.newBuilder()
            .setTimezoneName(timetable.zone().getId())
            .setJitter(duration(declared.jitter()));
    timetable.specs().stream()
        .flatMap(rule -> NominalTimes.plain(rule, timetable.zone()).stream())
        .forEach(
            rule -> {
              if (rule instanceof TimeSpec.Every every) {
                spec.addInterval(
                    IntervalSpec.newBuilder()
                        .setInterval(duration(every.interval()))
                        .setPhase(duration(every.phase())));
              } else {
                spec.addCronString(rule.toString());
              }
            });
    if (timetable.startAt() != null) {
      spec.setStartTime(ScheduleServer.timestamp(timetable.startAt()));
    }
    if (timetable.endAt() != null) {
      spec.setEndTime(ScheduleServer.timestamp(timetable.endAt()));
    }
    return spec.build();
  }

  private static Duration duration(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.toSeconds())
        .setNanos(duration.toNanosPart())
        .build();
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
