package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.schedule.DagSchedule.Overlap;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DagScheduleTest {

  private static final ZoneId UTC = ZoneId.of("UTC");

  @ParameterizedTest
  @ValueSource(strings = {"* * * *", "0 0 0 * * *", "@sometimes", ""})
  void refusesWhatIsNoCron(String cron) {
    assertThatThrownBy(() -> new DagSchedule("mill", cron, UTC, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mill")
        .hasMessageContaining("needs 5");
  }

  @Test
  void refusesBothDayFields() {
    assertThatThrownBy(() -> new DagSchedule("mill", "0 0 1 * 1", UTC, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("day of month and day of week");
  }

  @Test
  void refusesAZoneThatTheServerCannotName() {
    ZoneId offset = ZoneId.of("+02:00");

    assertThatThrownBy(() -> new DagSchedule("mill", "@daily", offset, Duration.ofHours(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Schedule of mill: There is no time zone '+02:00'; use UTC or a name such as"
                + " Europe/Berlin");
  }

  @Test
  void refusesAWindowBelowTheServersLeast() {
    assertThatThrownBy(() -> new DagSchedule("mill", "@daily", UTC, Duration.ofSeconds(9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT10S");
  }

  @Test
  void refusesALimitWhereOneRunIsActive() {
    DagSchedule mill = DagSchedule.hourly("mill");

    assertThatThrownBy(
            () ->
                new DagSchedule(
                    "mill",
                    mill.timetable(),
                    mill.catchupWindow(),
                    Overlap.SKIP,
                    3,
                    Duration.ZERO,
                    false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxActiveRuns 3 needs the overlap ALLOW_ALL; with SKIP");
    assertThatThrownBy(() -> mill.parallel(-1)).hasMessageContaining("not -1");
  }

  /** Without catch-up the last missed run starts, and not the one before it. */
  @ParameterizedTest
  @CsvSource({
    "@hourly,            PT1H",
    "*/5 * * * *,        PT5M",
    "@daily,             PT24H",
    "@weekly,            PT168H",
    "@monthly,           PT744H",
    "@yearly,            PT8760H",
    "0 9 * * mon-fri,    PT72H",
    "@every 900s,        PT15M",
    "@every 3s,          PT10S",
  })
  void withoutCatchUpTheWindowIsOneInterval(String cron, Duration window) {
    assertThat(new DagSchedule("mill", Timetable.cron(cron)).catchupWindow()).isEqualTo(window);
  }

  @Test
  void catchUpIsSwitchedOnAndOff() {
    DagSchedule mill = DagSchedule.hourly("mill").withCatchup();

    assertThat(mill.catchupWindow()).isEqualTo(Duration.ofDays(365));
    assertThat(mill.overlap()).isEqualTo(Overlap.BUFFER_ALL);
    assertThat(mill.withoutCatchup())
        .isEqualTo(DagSchedule.hourly("mill").withOverlap(Overlap.BUFFER_ALL));
    assertThat(DagSchedule.hourly("mill").withOverlap(Overlap.SKIP).withCatchup().overlap())
        .isEqualTo(Overlap.SKIP);
  }

  @Test
  void theLineTellsEverySettingButThePause() {
    DagSchedule mill =
        new DagSchedule("mill", Timetable.cron("0 2 * * *", "Europe/Berlin").and("0 12 * * 6"))
            .parallel(3)
            .withJitter(Duration.ofSeconds(30));

    assertThat(mill.spec())
        .isEqualTo(
            "0 2 * * * | 0 12 * * 6 zone=Europe/Berlin catchup=PT37H overlap=allow_all"
                + " max-active-runs=3 jitter=PT30S");
    assertThat(mill.createdPaused().spec()).isEqualTo(mill.spec());
  }
}
