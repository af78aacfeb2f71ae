package io.millrace.workflows.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DataInterval;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeHoursTest {

  @ParameterizedTest
  @CsvSource({
    "2019-10-01T05:00:00Z, 2019-10-01T05:00:00Z, 2019-10-01T05:00Z..2019-10-01T06:00Z",
    "2019-10-01T05:10:00Z, 2019-10-01T05:10:00Z, 2019-10-01T05:00Z..2019-10-01T06:00Z",
    "2019-10-01T05:00:00Z, 2019-10-01T06:00:00Z, 2019-10-01T05:00Z..2019-10-01T06:00Z",
    "2019-10-01T05:30:00Z, 2019-10-01T06:30:00Z, 2019-10-01T05:00Z..2019-10-01T07:00Z",
    "2019-12-31T00:00:00Z, 2020-01-01T00:00:00Z, 2019-12-31T00:00Z..2020-01-01T00:00Z",
  })
  void areThoseThatAnIntervalOverlaps(Instant start, Instant end, String hours) {
    assertThat(LakeHours.of(new DataInterval(start, end)).text()).isEqualTo(hours);
  }

  @Test
  void haveAFolderEach() {
    Instant start = Instant.parse("2019-12-31T23:00:00Z");

    assertThat(new LakeHours(start, start.plusSeconds(7_200)).folders("p/"))
        .containsExactly(
            "p/year=2019/month=12/day=31/hour=23/", "p/year=2020/month=01/day=01/hour=00/");
  }

  @Test
  void areBounded() {
    Instant start = Instant.parse("2019-10-01T00:00:00Z");

    assertThatThrownBy(() -> LakeHours.of(new DataInterval(start, start.plusSeconds(3_600L * 401))))
        .hasMessageContaining("at most 400 hours")
        .hasMessageContaining("has 401");
  }
}
