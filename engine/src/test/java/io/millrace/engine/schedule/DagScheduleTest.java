package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  void refusesAWindowBelowTheServersLeast() {
    assertThatThrownBy(() -> new DagSchedule("mill", "@daily", UTC, Duration.ofSeconds(9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT10S");
  }

  @Test
  void aWeekCatchesUpWithOneInterval() {
    assertThat(DagSchedule.weekly("mill").catchupWindow()).isEqualTo(Duration.ofDays(7));
  }
}
