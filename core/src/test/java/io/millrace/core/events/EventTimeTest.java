package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2019-10-01 02:30:12 UTC, 2019-10-01T02:30:12Z",
    "2019-10-01 02:30:12.5 UTC, 2019-10-01T02:30:12.500Z",
    "2019-10-01T02:30:12Z, 2019-10-01T02:30:12Z",
    "2019-10-01T02:30:12.000001Z, 2019-10-01T02:30:12.000001Z",
    "2019-10-01T02:30:12.123Z, 2019-10-01T02:30:12.123Z",
    "2019-10-01 02:30:12+00:00, 2019-10-01T02:30:12Z",
    "2019-10-01 02:30:12.25-0330, 2019-10-01T06:00:12.250Z",
    "2019-10-01T02:30:12+05:45, 2019-09-30T20:45:12Z",
    "2020-02-29 00:00:00 UTC, 2020-02-29T00:00:00Z",
    "1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z"
  })
  void readsEveryForm(String text, Instant time) {
    assertThat(EventTime.parse(text)).hasValue(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2019-10-01",
        "2019-10-01 02:30:12",
        "2019-10-01T02:30:12",
        "2019-10-01 02:30 UTC",
        "2019-10-01 02:30:12 PST",
        "2019-10-01 02:30:12 utc",
        "2019-10-01 02:30:12UTC",
        "2019-10-01 02:30:12  UTC",
        " 2019-10-01 02:30:12 UTC",
        "2019-10-01 02:30:12 UTC ",
        "2019-10-01 02:30:12. UTC",
        "2019-10-01T02:30:12.1234567Z",
        "2019-10-01t02:30:12Z",
        "2019-02-29 00:00:00 UTC",
        "2019-13-01 00:00:00 UTC",
        "2019-00-01 00:00:00 UTC",
        "2019-10-00 00:00:00 UTC",
        "2019-10-32 00:00:00 UTC",
        "2019-10-01 24:00:00 UTC",
        "2019-10-01 00:60:00 UTC",
        "2019-10-01 00:00:60 UTC",
        "0000-01-01 00:00:00 UTC",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2019-10-01T02:30:12+18:01",
        "2019-10-01T02:30:12+05:60",
        "2019-10-01T02:30:12+5:45",
        "2019-10-01T02:30:12+05",
        "2O19-10-01 00:00:00 UTC",
        "\u0662\u0660\u0661\u0669-10-01 00:00:00 UTC",
        "+2019-10-01T00:00:00Z",
        "1569888000000000000000"
      })
  void refusesWhatIsNoInstant(String text) {
    assertThat(EventTime.parse(text)).isEmpty();
  }

  @Test
  void writesOnlyYearsThatEveryStageKnows() {
    assertThat(EventTime.format(Instant.parse("0987-01-02T03:04:05.000600Z")))
        .isEqualTo("0987-01-02 03:04:05.000600 UTC");
    assertThatThrownBy(() -> EventTime.format(Instant.parse("+10000-01-01T00:00:00Z")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keepsEventsWithinReachOfEveryStore() {
    Instant nanos = Instant.parse("2019-10-01T00:00:00.123456789Z");

    assertThat(new Event(nanos, EventType.VIEW, 1, 2, null, null, 3, 4, "s").eventTime())
        .isEqualTo(Instant.parse("2019-10-01T00:00:00.123456Z"));
    assertThatThrownBy(() -> new Event(Instant.MAX, EventType.VIEW, 1, 2, null, null, 3, 4, "s"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
