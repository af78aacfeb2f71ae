package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.schedule.ScheduleCalendar.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** A timetable that changes at any moment, and runs that start long after they came due. */
class TimetableHistoryPropertyTest {

  private static final Instant START = Instant.parse("2026-03-20T00:00:00Z");
  private static final Duration SPAN = Duration.ofDays(3);

  /**
   * A timetable and the moment from which it is in force.
   *
   * @param minutes after {@link #START}
   */
  record Change(Timetable timetable, long minutes) {}

  /** A run as the schedule has started it: of one version's time, told by that or a later one. */
  private record Run(Instant nominal, ScheduledRun told) {}

  @Property(tries = 20)
  void theIntervalsOfSuccessiveRunsNeitherOverlapNorLeaveAGap(
      @ForAll("changes") @Size(min = 1, max = 6) List<Change> changes,
      @ForAll @LongRange(min = 1, max = 1_000) long seed) {
    List<Run> runs = runs(changes, seed);

    for (int index = 1; index < runs.size(); index++) {
      Run run = runs.get(index);
      Span interval = run.told().interval(run.nominal());
      assertThat(interval.start())
          .as("the start of %s, told %s", run.nominal(), run.told())
          .isEqualTo(runs.get(index - 1).nominal());
      assertThat(interval.end()).isEqualTo(run.nominal());
    }
  }

  private static List<Run> runs(List<Change> changes, long seed) {
    List<ScheduledRun> versions = new ArrayList<>();
    List<Instant> from = new ArrayList<>();
    for (Change change :
        changes.stream().sorted((a, b) -> Long.compare(a.minutes(), b.minutes())).toList()) {
      ScheduledRun declared = new ScheduledRun(change.timetable().text(), false, 0);
      Instant since = START.plus(Duration.ofMinutes(change.minutes())).plusNanos(seed);
      versions.add(
          versions.isEmpty()
              ? declared
              : declared.replacing(versions.get(versions.size() - 1), since));
      from.add(from.isEmpty() ? START : since);
    }
    List<Run> runs = new ArrayList<>();
    for (int era = 0; era < versions.size(); era++) {
      Instant until = era + 1 < from.size() ? from.get(era + 1) : START.plus(SPAN);
      Timetable timetable = Timetable.parse(versions.get(era).timetable());
      for (Instant nominal : timetable.calendar().between(from.get(era), until, 100_000)) {
        int told = era + (int) ((nominal.getEpochSecond() / 60 + seed) % (versions.size() - era));
        runs.add(new Run(nominal, versions.get(told)));
      }
    }
    return runs;
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Timetable> timetables =
        Combinators.combine(
                Arbitraries.of(
                    "@hourly",
                    "@daily",
                    "45 */2 * * *",
                    "30 2 * * *",
                    "0 6 * * 1-5",
                    "@every 5400s",
                    "@every 25200s/600s",
                    "0 4 * * * | @every 10800s"),
                Arbitraries.of("UTC", "America/New_York", "Asia/Kolkata"))
            .as(
                (rule, zone) ->
                    Timetable.parse("%s zone=%s interval=before".formatted(rule, zone)));
    return Combinators.combine(timetables, Arbitraries.longs().between(0, SPAN.toMinutes()))
        .as(Change::new)
        .list();
  }

  /** The sample of the report: hourly, changed to every six hours while the run of 11:00 waits. */
  @Test
  void aRunThatWaitedWhileTheTimetableChangedKeepsTheIntervalThatItWasDueFor() {
    Instant changed = Instant.parse("2026-03-20T11:20:00Z");
    ScheduledRun hourly = new ScheduledRun("@hourly zone=UTC interval=before", false, 0);
    ScheduledRun told =
        new ScheduledRun("@every 21600s zone=UTC interval=before", false, 0)
            .replacing(hourly, changed);

    assertThat(told.interval(Instant.parse("2026-03-20T11:00:00Z")))
        .isEqualTo(
            new Span(Instant.parse("2026-03-20T10:00:00Z"), Instant.parse("2026-03-20T11:00:00Z")));
    assertThat(told.interval(Instant.parse("2026-03-20T12:00:00Z")).start())
        .isEqualTo(Instant.parse("2026-03-20T11:00:00Z"));
    assertThat(told.interval(Instant.parse("2026-03-20T18:00:00Z")).start())
        .isEqualTo(Instant.parse("2026-03-20T12:00:00Z"));
  }

  /** Of a schedule that was paused since 09:00, what was declared meanwhile never came due. */
  @Test
  void aTimetableUnderWhichNothingCameDueLeavesNoTrace() {
    Instant paused = Instant.parse("2026-03-20T09:00:00Z");
    ScheduledRun hourly = new ScheduledRun("@hourly zone=UTC interval=before", false, 0);
    ScheduledRun daily = new ScheduledRun("@daily zone=UTC interval=before", false, 0);
    ScheduledRun weekly = new ScheduledRun("@weekly zone=UTC interval=before", false, 0);

    ScheduledRun told =
        weekly.replacing(daily.replacing(hourly, paused.plusSeconds(7_200)), paused);

    assertThat(told.former()).containsExactly(new ScheduledRun.Former(hourly.timetable(), paused));
    assertThat(told.interval(Instant.parse("2026-03-22T00:00:00Z")).start()).isEqualTo(paused);
  }
}
