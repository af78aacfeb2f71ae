package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for every timetable, around the clock changes of several zones. */
class ScheduleCalendarPropertyTest {

  private static final Duration SPAN = Duration.ofDays(9);

  /**
   * The definition, minute by minute: a time belongs to a cron if its local fields match. East of
   * Greenwich it does not hold in the hour that comes twice; see {@link NominalTimes.Days}.
   */
  @Property(tries = 60)
  void aCronHasTheMinutesWhoseLocalFieldsMatch(
      @ForAll("crons") String cron, @ForAll("west") String zone, @ForAll("starts") Instant from) {
    requireMinutesWhoseLocalFieldsMatch(cron, zone, from);
  }

  @Property(tries = 30)
  void soItIsInTheEastWhereTheClockGoesForward(
      @ForAll("crons") String cron, @ForAll @IntRange(max = 4_000) int minutes) {
    Instant from = Instant.parse("2026-03-20T00:00:00Z").plus(minutes, ChronoUnit.MINUTES);
    requireMinutesWhoseLocalFieldsMatch(cron, "Europe/Berlin", from);
  }

  private static void requireMinutesWhoseLocalFieldsMatch(String cron, String zone, Instant from) {
    Instant to = from.plus(SPAN);
    CronFields fields = CronFields.parse(cron);
    List<Instant> expected =
        Stream.iterate(from, time -> !time.isAfter(to), time -> time.plus(1, ChronoUnit.MINUTES))
            .filter(time -> fields.matches(LocalDateTime.ofInstant(time, ZoneId.of(zone))))
            .toList();

    assertThat(Timetable.cron(cron, zone).calendar().between(from, to, 100_000))
        .isEqualTo(expected);
  }

  @Property(tries = 60)
  void nextAndPreviousWalkThroughBetween(
      @ForAll("timetables") Timetable timetable, @ForAll("starts") Instant from) {
    ScheduleCalendar calendar = timetable.calendar();
    List<Instant> times = calendar.between(from, from.plus(SPAN), 100_000);
    List<Instant> forwards = new ArrayList<>();
    Optional<Instant> next = calendar.next(from.minusMillis(1));
    while (forwards.size() < Math.min(times.size(), 50)) {
      forwards.add(next.orElseThrow());
      next = calendar.next(next.orElseThrow());
    }

    assertThat(forwards).isEqualTo(times.subList(0, forwards.size()));
    for (int i = 1; i < forwards.size(); i++) {
      assertThat(calendar.previous(forwards.get(i))).contains(forwards.get(i - 1));
      assertThat(calendar.atOrBefore(forwards.get(i))).contains(forwards.get(i));
      assertThat(calendar.atOrBefore(forwards.get(i).minusNanos(1))).contains(forwards.get(i - 1));
    }
  }

  @Property(tries = 60)
  void theIntervalsOfARunFollowEachOtherWithoutGapOrOverlap(
      @ForAll("timetables") Timetable timetable, @ForAll("starts") Instant from) {
    ScheduleCalendar calendar = timetable.covering(DataIntervalKind.BEFORE).calendar();
    Instant time = calendar.next(from).orElseThrow();
    for (int i = 0; i < 20; i++) {
      Instant following = calendar.next(time).orElseThrow();
      assertThat(calendar.interval(following).start()).isEqualTo(calendar.interval(time).end());
      assertThat(calendar.interval(following).end()).isEqualTo(following);
      time = following;
    }
  }

  @Property(tries = 200)
  void aTimetableSurvivesItsText(@ForAll("timetables") Timetable timetable) {
    assertThat(Timetable.parse(timetable.text())).isEqualTo(timetable);
  }

  @Provide
  Arbitrary<String> west() {
    return Arbitraries.of("UTC", "America/New_York", "Asia/Kolkata", "America/Los_Angeles");
  }

  @Provide
  Arbitrary<String> zones() {
    return Arbitraries.of(
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Santiago",
        "Africa/Cairo",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia");
  }

  /** Hours around the changes of northern and southern zones, and any other. */
  @Provide
  Arbitrary<Instant> starts() {
    Arbitrary<Instant> changes =
        Arbitraries.of("2026-03-08", "2026-03-29", "2026-04-05", "2026-09-06", "2026-10-25")
            .map(day -> Instant.parse(day + "T00:00:00Z").minus(3, ChronoUnit.DAYS));
    return Combinators.combine(changes, Arbitraries.integers().between(0, 2_000))
        .as((change, minutes) -> change.plus(minutes, ChronoUnit.MINUTES));
  }

  @Provide
  Arbitrary<String> crons() {
    Arbitrary<String> minute = Arbitraries.of("0", "30", "*/15", "5,59", "10-20/5", "*");
    Arbitrary<String> hour = Arbitraries.of("*", "0", "1", "2", "3", "23", "*/6", "1-3", "22/1");
    Arbitrary<String> days =
        Arbitraries.of(
            "* * *", "29 * *", "* * 0", "* * 7", "* * sat,sun", "5-8 * *", "* mar-oct *");
    return Combinators.combine(minute, hour, days).as("%s %s %s"::formatted);
  }

  @Provide
  Arbitrary<Timetable> timetables() {
    Arbitrary<String> every =
        Combinators.combine(
                Arbitraries.integers().between(600, 90_000), Arbitraries.integers().between(0, 599))
            .as("@every %ds/%ds"::formatted);
    Arbitrary<List<String>> rules =
        Arbitraries.oneOf(crons().filter(ScheduleCalendarPropertyTest::isNotRare), every)
            .list()
            .ofMinSize(1)
            .ofMaxSize(3);
    return Combinators.combine(rules, zones())
        .as(
            (specs, zone) -> {
              Timetable table = Timetable.cron(specs.get(0), zone);
              for (String spec : specs.subList(1, specs.size())) {
                table = table.and(spec);
              }
              return table;
            });
  }

  private static boolean isNotRare(String cron) {
    return !cron.contains("29");
  }
}
