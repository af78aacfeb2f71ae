package io.millrace.engine.schedule;

import com.google.protobuf.util.Durations;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.api.schedule.v1.BackfillRequest;
import io.temporal.api.schedule.v1.ScheduleActionResult;
import io.temporal.api.schedule.v1.ScheduleInfo;
import io.temporal.api.workflowservice.v1.DescribeScheduleResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The nominal times that a schedule has let pass while it was paused, and the server's request that
 * runs them.
 *
 * <p>As in Airflow, they are those after the last one whose run the schedule started; runs that a
 * person triggered do not count. A date that has a run all the same, for example by a backfill, is
 * not missed.
 */
final class MissedRuns {

  /** The most dates that are run, and of which is asked whether they have a run. */
  static final int MAX = 2_000;

  private static final int MAX_PASSED = 1_000_000;

  private static final String NOMINAL = "2026-01-01T00:00:00Z";
  private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(10);
  private static final Duration ALL = Duration.ofDays(365);

  private MissedRuns() {}

  /** Stands in the note of a schedule whose missed runs an unpause has dealt with. */
  static final String NOTED = "missed while paused";

  /**
   * The last moment up to which runs came due by themselves: the nominal time of the last run that
   * was started or waits, or the schedule's creation.
   */
  static Instant coveredUntil(DescribeScheduleResponse described, ScheduledRun memo) {
    ScheduleInfo info = described.getInfo();
    Instant created = ScheduleServer.instant(info.getCreateTime());
    Instant last =
        info.getRecentActionsList().stream()
            .flatMap(action -> nominal(action).stream())
            .filter(time -> memo.lastDue(time).filter(time::equals).isPresent())
            .max(Instant::compareTo)
            .orElse(created);
    return last.isBefore(created) ? created : last;
  }

  /** It stands in the run's id; the action's own time has the jitter. */
  private static Optional<Instant> nominal(ScheduleActionResult action) {
    String runId = action.getStartWorkflowResult().getWorkflowId();
    int from = runId.length() - NOMINAL.length();
    try {
      return from > 0 ? Optional.of(Instant.parse(runId.substring(from))) : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The same with what came due after it and still waits for the active run. */
  static Instant dueUntil(DescribeScheduleResponse described, ScheduledRun memo) {
    Instant until = coveredUntil(described, memo);
    for (long waits = described.getInfo().getBufferSize(); waits > 0; waits--) {
      Optional<Instant> next = Timetable.parse(memo.timetable()).calendar().next(until);
      until = next.orElse(until);
    }
    return until;
  }

  /**
   * What a schedule that goes on has missed, and which of it is to run. Only dates of the timetable
   * in force: the server can run no others.
   *
   * @throws IllegalStateException if there are too many to run
   */
  static Unpaused since(
      ScheduleServer server,
      String id,
      DescribeScheduleResponse described,
      ScheduledRun memo,
      CatchUp rule,
      Instant now) {
    Instant due = dueUntil(described, memo);
    List<ScheduledRun.Former> former = memo.former();
    Instant changed = former.isEmpty() ? due : former.get(former.size() - 1).until();
    List<Instant> passed = passed(id, memo, changed.isAfter(due) ? changed : due, now);
    Duration window =
        Duration.ofSeconds(
            Durations.toSeconds(described.getSchedule().getPolicies().getCatchupWindow()));
    boolean all = rule == CatchUp.ALL || (rule == CatchUp.DECLARED && window.compareTo(ALL) >= 0);
    if (all && passed.size() > MAX) {
      throw tooMany(id, due, null);
    }
    List<Instant> missed = withoutRun(server, id, passed);
    // The server's shortest window is longer than a shorter interval, and stands for one.
    boolean one = window.compareTo(SHORTEST_WINDOW) <= 0;
    List<Instant> started =
        all
            ? missed
            : chosen(missed, one && rule != CatchUp.NONE ? CatchUp.LAST : rule, now.minus(window));
    return new Unpaused(id, started, missed.subList(0, missed.size() - started.size()));
  }

  /** The last ones. */
  private static List<Instant> chosen(List<Instant> missed, CatchUp rule, Instant oldest) {
    if (missed.isEmpty() || rule == CatchUp.NONE) {
      return List.of();
    }
    int last = missed.size() - 1;
    int from = last;
    while (rule == CatchUp.DECLARED
        && from > 0
        && last - from < MAX
        && !missed.get(from - 1).isBefore(oldest)) {
      from--;
    }
    return missed.subList(from, missed.size());
  }

  /** The nominal times after one moment and up to another that have no run. */
  static List<Instant> missed(
      ScheduleServer server, String id, ScheduledRun memo, Instant after, Instant now) {
    return withoutRun(server, id, passed(id, memo, after, now));
  }

  private static List<Instant> passed(String id, ScheduledRun memo, Instant after, Instant now) {
    try {
      return TimetableHistory.of(memo).between(after, now, MAX_PASSED);
    } catch (IllegalArgumentException e) {
      throw tooMany(id, after, e);
    }
  }

  private static IllegalStateException tooMany(
      String id, Instant since, @Nullable Exception cause) {
    return new IllegalStateException(
        ("schedule '%s' has missed more than %d runs since %s; unpause it with --no-catchup, and"
                + " backfill the others in parts")
            .formatted(id, MAX, since),
        cause);
  }

  /** Of many, the old ones are taken to have none. */
  private static List<Instant> withoutRun(ScheduleServer server, String id, List<Instant> times) {
    int asked = Math.max(0, times.size() - MAX);
    return IntStream.range(0, times.size())
        .filter(index -> index < asked || !server.hasRun("%s-%s".formatted(id, times.get(index))))
        .mapToObj(times::get)
        .toList();
  }

  /**
   * Asks the server to run dates, in order and, unless the schedule allows several active runs, one
   * after the other. Each is a run of the schedule like any other.
   */
  static List<BackfillRequest> requests(
      List<Instant> dates, DescribeScheduleResponse described, ScheduledRun memo) {
    ScheduleOverlapPolicy own = described.getSchedule().getPolicies().getOverlapPolicy();
    ScheduleOverlapPolicy overlap =
        own == ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL
            ? own
            : ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL;
    ScheduleCalendar calendar = Timetable.parse(memo.timetable()).calendar();
    List<BackfillRequest> requests = new ArrayList<>();
    for (int first = 0; first < dates.size(); ) {
      int last = first;
      while (last + 1 < dates.size()
          && calendar.next(dates.get(last)).filter(dates.get(last + 1)::equals).isPresent()) {
        last++;
      }
      requests.add(
          BackfillRequest.newBuilder()
              .setStartTime(ScheduleServer.timestamp(dates.get(first)))
              .setEndTime(ScheduleServer.timestamp(end(calendar, dates.get(last))))
              .setOverlapPolicy(overlap)
              .build());
      first = last + 1;
    }
    return requests;
  }

  /** The server compares the time with its jitter, which never reaches the next nominal time. */
  private static Instant end(ScheduleCalendar calendar, Instant last) {
    return calendar.next(last).map(next -> next.minusMillis(1)).orElse(last.plus(ALL));
  }
}
