package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimetableTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@hourly zone=UTC",
        "30 2 * * * | @every 900s/60s zone=Europe/Berlin interval=before",
        "0 9 * jan-mar mon-fri zone=America/New_York start=2026-01-01T00:00:00Z"
            + " end=2026-12-31T00:00:00Z",
      })
  void aTimetableIsOneLine(String line) {
    assertThat(Timetable.parse(line).text()).isEqualTo(line);
  }

  @Test
  void blanksDoNotMatterAndUtcIsTheDefault() {
    assertThat(Timetable.parse(" 0   2 * * *|@every 60s "))
        .isEqualTo(Timetable.cron("0 2 * * *").and("@every 60s"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0 24 * * *;              cron '0 24 * * *': hour '24' is not",
        "61 * * * *;              minute '61'",
        "*/0 * * * *;             minute '*/0'",
        "5-2 * * * *;             minute '5-2'",
        "1-2-3 * * * *;           minute '1-2-3'",
        ",1 * * * *;              minute ''",
        "0 0 * * someday;         day of week 'someday'",
        "0 0 * * 8;               day of week '8'",
        "0 0 0 * *;               day of month '0'",
        "0 0 * 13 *;              month '13'",
        "0 0 * ja *;              month 'ja'",
        "0 0 31 2 *;              '0 0 31 2 *' never comes",
        "0 0 1-5 * mon;           sets day of month and day of week",
        "@every 0s;               at least one, but is PT0S",
        "@every 60s/60s;          below the interval PT1M",
        "@every 1h;               write seconds",
        "@daily zone=Mars/Base;   There is no time zone 'Mars/Base'",
        "@daily zone=+02:00;      There is no time zone '+02:00'",
        "@daily interval=after;   interval=after",
        "@daily start=tomorrow;   start=tomorrow",
        "@daily colour=red;       only zone, interval, start and end",
      })
  void aWrongTimetableIsRefusedAndNamed(String text, String message) {
    assertThatThrownBy(() -> Timetable.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anIntervalIsWholeSeconds() {
    assertThatThrownBy(() -> Timetable.every(Duration.ofMillis(1_500)))
        .hasMessage("An interval must be whole seconds and at least one, but is PT1.5S");
    assertThatThrownBy(() -> Timetable.every(Duration.ofSeconds(-5)))
        .hasMessageContaining("at least one, but is PT-5S");
  }

  @Test
  void theEndComesAfterTheStart() {
    Timetable daily = Timetable.cron("@daily").startingAt(Instant.parse("2026-02-01T00:00:00Z"));

    assertThatThrownBy(() -> daily.endingAt(Instant.parse("2026-01-01T00:00:00Z")))
        .hasMessage(
            "A timetable must not end at 2026-01-01T00:00:00Z, before its start at"
                + " 2026-02-01T00:00:00Z");
  }

  @Test
  void aCronIsToldWhatTheClockDoesToIt() {
    Instant newYear = Instant.parse("2026-01-01T00:00:00Z");

    assertThat(Timetable.cron("30 2 * * *", "Europe/Berlin").clockChangeWarnings(newYear))
        .containsExactly(
            "cron '30 2 * * *' does not run on 2026-03-29: Europe/Berlin skips that time",
            "cron '30 2 * * *' on 2026-10-25, when Europe/Berlin shows 02:00 to 03:00 twice, runs"
                + " at 2026-10-25T01:30:00Z");
    assertThat(Timetable.cron("30 1 * * *", "Europe/Berlin").clockChangeWarnings(newYear))
        .containsExactly(
            "cron '30 1 * * *' on 2026-10-25, when Europe/Berlin shows 02:00 to 03:00 twice, runs"
                + " at 2026-10-24T23:30:00Z, 2026-10-25T00:30:00Z");
    assertThat(
            Timetable.cron("0 4 * * *", "Europe/Berlin")
                .and("*/5 * * * *")
                .and("@every 60s")
                .clockChangeWarnings(newYear))
        .isEmpty();
    assertThat(Timetable.cron("30 2 * * *").clockChangeWarnings(newYear)).isEmpty();
  }
}
