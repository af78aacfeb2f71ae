package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.schedule.ScheduleCalendar.Span;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two days on which Berlin and New York change their clocks, and the bounds. */
class ScheduleCalendarTest {

  private static final String BERLIN = "Europe/Berlin";
  private static final String NEW_YORK = "America/New_York";

  @Test
  void aTimeThatTheClockSkipsHasNoRun() {
    assertThat(times("30 2 * * *", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z");
  }

  @Test
  void inTheWestATimeThatComesTwiceHasTwoRuns() {
    assertThat(times("30 1 * * *", NEW_YORK, "2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z"))
        .containsExactly("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-02T06:30:00Z");
  }

  /** As the server does it, whatever its documents say. */
  @Test
  void inTheEastItHasTheSecondAndTheHourBeforeHasOneMore() {
    assertThat(times("30 2 * * *", "2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z"))
        .containsExactly("2026-10-24T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(times("30 1 * * *", "2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z"))
        .containsExactly("2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T00:30:00Z");
  }

  @Test
  void anHourlyCronRunsEveryHourOnBothDays() {
    assertThat(times("0 * * * *", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z")).hasSize(23);
    assertThat(times("0 * * * *", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z")).hasSize(25);
  }

  @Test
  void midnightMovesWithTheClock() {
    assertThat(times("@daily", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"))
        .containsExactly("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
  }

  /** Airflow's data interval: [the nominal time before, the nominal time). */
  @Test
  void theIntervalBeforeARunBridgesTheDayWithoutOne() {
    ScheduleCalendar nightly = before("30 2 * * *");

    assertThat(nightly.interval(at("2026-03-28T01:30:00Z")))
        .isEqualTo(span("2026-03-27T01:30:00Z", "2026-03-28T01:30:00Z"));
    assertThat(nightly.interval(at("2026-03-30T00:30:00Z")))
        .isEqualTo(span("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"));
  }

  @Test
  void theTwoRunsOfOneLocalTimeShareNothing() {
    ScheduleCalendar nightly =
        Timetable.cron("30 1 * * *", NEW_YORK).covering(DataIntervalKind.BEFORE).calendar();

    assertThat(nightly.interval(at("2026-11-01T05:30:00Z")))
        .isEqualTo(span("2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z"));
    assertThat(nightly.interval(at("2026-11-01T06:30:00Z")))
        .isEqualTo(span("2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"));
  }

  @Test
  void theIntervalOfTheLongNightIsLonger() {
    assertThat(before("30 2 * * *").interval(at("2026-10-25T01:30:00Z")))
        .isEqualTo(span("2026-10-24T00:30:00Z", "2026-10-25T01:30:00Z"));
  }

  @Test
  void aDayHas23Or25HoursWhereTheClockChanges() {
    ScheduleCalendar daily = before("@daily");

    assertThat(daily.interval(at("2026-03-29T22:00:00Z")))
        .isEqualTo(span("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
    assertThat(daily.interval(at("2026-10-25T23:00:00Z")))
        .isEqualTo(span("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-29T01:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"})
  void anHourlyIntervalIsAlwaysAnHour(Instant nominal) {
    assertThat(before("@hourly").interval(nominal))
        .isEqualTo(new Span(nominal.minusSeconds(3600), nominal));
  }

  /** As Airflow infers it: the last interval that is complete. */
  @Test
  void aRunBetweenTwoTimesIsAboutTheLastCompleteInterval() {
    assertThat(before("30 2 * * *").interval(at("2026-03-29T15:04:05.678Z")))
        .isEqualTo(span("2026-03-27T01:30:00Z", "2026-03-28T01:30:00Z"));
  }

  @Test
  void anIntervalThatIsAPointIsTheRunsOwnTime() {
    Instant at = at("2026-03-29T15:04:05.678Z");

    assertThat(Timetable.cron("@daily").calendar().interval(at)).isEqualTo(new Span(at, at));
  }

  @Test
  void theBoundsAreIncludedAndDoNotShortenTheFirstInterval() {
    ScheduleCalendar daily =
        Timetable.cron("@daily")
            .covering(DataIntervalKind.BEFORE)
            .startingAt(at("2026-01-02T00:00:00Z"))
            .endingAt(at("2026-01-03T00:00:00Z"))
            .calendar();

    assertThat(daily.between(at("2025-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"), 10))
        .containsExactly(at("2026-01-02T00:00:00Z"), at("2026-01-03T00:00:00Z"));
    assertThat(daily.next(at("2020-01-01T00:00:00Z"))).contains(at("2026-01-02T00:00:00Z"));
    assertThat(daily.next(at("2026-01-03T00:00:00Z"))).isEmpty();
    assertThat(daily.interval(at("2026-01-02T00:00:00Z")).start())
        .isEqualTo(at("2026-01-01T00:00:00Z"));
  }

  @Test
  void severalRulesAddTheirTimesUpAndShareOnes() {
    ScheduleCalendar both =
        Timetable.cron("0 0,12 * * *")
            .and("@every 43200s/0s")
            .and("@every 86400s/3600s")
            .calendar();

    assertThat(both.between(at("2026-01-01T00:00:00Z"), at("2026-01-01T23:59:59Z"), 10))
        .extracting(Instant::toString)
        .containsExactly("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "2026-01-01T12:00:00Z");
  }

  @Test
  void aLeapDayAndTheEndOfTheCalendar() {
    ScheduleCalendar leap = Timetable.cron("0 0 29 feb *").calendar();

    assertThat(leap.next(at("2026-01-01T00:00:00Z"))).contains(at("2028-02-29T00:00:00Z"));
    assertThat(leap.previous(at("2026-01-01T00:00:00Z"))).contains(at("2024-02-29T00:00:00Z"));
    assertThat(leap.next(at("2099-01-01T00:00:00Z"))).isEmpty();
    assertThat(leap.previous(at("2000-01-01T00:00:00Z"))).isEmpty();
  }

  /** Looking back from two days after the change begins in the hour that comes twice. */
  @Test
  void lookingBackDoesNotStumbleOverTheChange() {
    ScheduleCalendar monthly = Timetable.cron("30 2 25 * *", BERLIN).calendar();

    assertThat(monthly.previous(at("2026-10-27T01:10:00Z"))).contains(at("2026-10-25T01:30:00Z"));
    assertThat(monthly.between(at("2026-10-27T01:10:00Z"), at("2026-11-26T00:00:00Z"), 9))
        .containsExactly(at("2026-11-25T01:30:00Z"));
  }

  @Test
  void aRangeWithTooManyTimesIsRefused() {
    ScheduleCalendar minutes = Timetable.cron("* * * * *").calendar();

    assertThatThrownBy(
            () -> minutes.between(at("2026-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"), 1_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'* * * * *' has more than 1000 times from 2026-01-01T00:00:00Z to"
                + " 2030-01-01T00:00:00Z; take a shorter range");
  }

  private static List<String> times(String cron, String from, String to) {
    return times(cron, BERLIN, from, to);
  }

  private static List<String> times(String cron, String zone, String from, String to) {
    return Timetable.cron(cron, zone).calendar().between(at(from), at(to), 100).stream()
        .map(Instant::toString)
        .toList();
  }

  private static ScheduleCalendar before(String cron) {
    return Timetable.cron(cron, BERLIN).covering(DataIntervalKind.BEFORE).calendar();
  }

  private static Instant at(String time) {
    return Instant.parse(time);
  }

  private static Span span(String start, String end) {
    return new Span(at(start), at(end));
  }
}
