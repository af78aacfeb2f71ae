package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.schedule.v1.ScheduleActionResult;
import io.temporal.api.schedule.v1.ScheduleInfo;
import io.temporal.api.workflowservice.v1.DescribeScheduleResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Up to when a schedule has run by itself, from what the server keeps of it. */
class MissedRunsTest {

  private static final ScheduledRun HOURLY = new ScheduledRun("@hourly zone=UTC", false, 0);

  private static ScheduleInfo.Builder schedule() {
    return ScheduleInfo.newBuilder()
        .setCreateTime(ScheduleServer.timestamp(Instant.parse("2026-03-20T06:30:00Z")));
  }

  /** Its actual time has the jitter, as the server tells it. */
  private static ScheduleActionResult run(String nominal, String actual) {
    return ScheduleActionResult.newBuilder()
        .setScheduleTime(ScheduleServer.timestamp(Instant.parse(actual)))
        .setStartWorkflowResult(WorkflowExecution.newBuilder().setWorkflowId("a-dag-" + nominal))
        .build();
  }

  private static DescribeScheduleResponse described(ScheduleInfo.Builder info) {
    return DescribeScheduleResponse.newBuilder().setInfo(info).build();
  }

  @Test
  void theLastRunIsKnownByItsNominalTimeAndOnesByHandDoNotCount() {
    DescribeScheduleResponse described =
        described(
            schedule()
                .addRecentActions(run("2026-03-20T08:00:00Z", "2026-03-20T08:00:17.25Z"))
                .addRecentActions(run("2026-03-20T09:00:00Z", "2026-03-20T09:00:41.5Z"))
                .addRecentActions(run("2026-03-20T12:31:07Z", "2026-03-20T12:31:07.9Z")));

    assertThat(MissedRuns.coveredUntil(described, HOURLY))
        .isEqualTo(Instant.parse("2026-03-20T09:00:00Z"));
  }

  @Test
  void whatWaitsForTheActiveRunIsNotMissed() {
    DescribeScheduleResponse described =
        described(
            schedule()
                .addRecentActions(run("2026-03-20T09:00:00Z", "2026-03-20T09:00:00Z"))
                .setBufferSize(2));

    assertThat(MissedRuns.dueUntil(described, HOURLY))
        .isEqualTo(Instant.parse("2026-03-20T11:00:00Z"));
  }

  @Test
  void aScheduleThatHasNotRunCountsFromItsCreation() {
    assertThat(MissedRuns.dueUntil(described(schedule()), HOURLY))
        .isEqualTo(Instant.parse("2026-03-20T06:30:00Z"));
  }
}
