package io.millrace.engine.schedule;

import io.temporal.api.schedule.v1.Schedule;
import io.temporal.api.workflowservice.v1.DescribeScheduleResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Changes schedules that others may change at the same time. */
final class ScheduleUpdates {

  private static final int LOOKS = 200;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(25);
  private static final int MAX_CORRECTIONS = 3;

  private final ScheduleServer server;

  ScheduleUpdates(ScheduleServer server) {
    this.server = server;
  }

  /**
   * Replaces a schedule, and writes into the memo of its runs until when the timetable before was
   * in force.
   *
   * @param present the version that was read
   * @param declared the memo of its runs
   * @param schedule makes the new one, given the memo of its runs
   * @return false if it was changed meanwhile
   */
  boolean change(
      String id,
      DescribeScheduleResponse present,
      ScheduledRun declared,
      Function<ScheduledRun, Schedule> schedule) {
    Optional<ScheduledRun> earlier = server.memo(present);
    boolean paused = present.getSchedule().getState().getPaused();
    Instant until =
        paused && earlier.isPresent() ? MissedRuns.dueUntil(present, earlier.get()) : Instant.now();
    DescribeScheduleResponse version = present;
    for (int correction = 0; correction <= MAX_CORRECTIONS; correction++) {
      ScheduledRun memo = memo(declared, earlier, present, until);
      Optional<DescribeScheduleResponse> replaced = replace(id, version, schedule.apply(memo));
      if (replaced.isEmpty()) {
        return false;
      }
      // Up to then, by its own clock, the server has worked by the timetable before.
      Instant updated = ScheduleServer.instant(replaced.get().getInfo().getUpdateTime());
      if (paused || memo.former().isEmpty() || nothingDueBetween(memo, until, updated)) {
        return true;
      }
      until = updated;
      version = replaced.get();
    }
    return true;
  }

  private static ScheduledRun memo(
      ScheduledRun declared,
      Optional<ScheduledRun> earlier,
      DescribeScheduleResponse present,
      Instant until) {
    if (earlier.isEmpty()) {
      return declared;
    }
    Instant created = ScheduleServer.instant(present.getInfo().getCreateTime());
    boolean anyDue = earlier.get().lastDue(until).filter(due -> due.isAfter(created)).isPresent();
    ScheduledRun memo = declared.replacing(earlier.get(), until);
    return anyDue ? memo : memo.withoutFormer();
  }

  private static boolean nothingDueBetween(ScheduledRun memo, Instant one, Instant other) {
    Instant first = one.isBefore(other) ? one : other;
    Instant last = one.isBefore(other) ? other : one;
    String before = memo.former().get(memo.former().size() - 1).timetable();
    return isEmpty(Timetable.parse(before), first, last)
        && isEmpty(Timetable.parse(memo.timetable()), first, last);
  }

  private static boolean isEmpty(Timetable timetable, Instant after, Instant to) {
    return timetable.calendar().next(after).filter(time -> !time.isAfter(to)).isEmpty();
  }

  /**
   * Replaces a schedule.
   *
   * @param present the version that was read
   * @return the new version; empty if it was changed meanwhile
   */
  Optional<DescribeScheduleResponse> replace(
      String id, DescribeScheduleResponse present, Schedule schedule) {
    if (!server.update(id, schedule, present.getConflictToken())) {
      return Optional.empty();
    }
    for (int look = 0; look < LOOKS; look++) {
      Optional<DescribeScheduleResponse> now = server.describe(id);
      if (now.isEmpty()) {
        return now;
      }
      if (!now.get().getConflictToken().equals(present.getConflictToken())) {
        return now.filter(found -> isSame(found.getSchedule(), schedule));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    return Optional.empty();
  }

  private static boolean isSame(Schedule found, Schedule wanted) {
    return found
            .getAction()
            .getStartWorkflow()
            .getMemo()
            .equals(wanted.getAction().getStartWorkflow().getMemo())
        && found
            .getAction()
            .getStartWorkflow()
            .getUserMetadata()
            .equals(wanted.getAction().getStartWorkflow().getUserMetadata())
        && found.getState().getPaused() == wanted.getState().getPaused()
        && found.getState().getNotes().equals(wanted.getState().getNotes());
  }
}
