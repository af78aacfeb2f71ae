package io.millrace.flink.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HourFoldersTest {

  @ParameterizedTest
  @CsvSource({
    "2019-10-01T00:00:00Z, topics/t/year=2019/month=10/day=01/hour=00",
    "2019-10-01T23:59:59Z, topics/t/year=2019/month=10/day=01/hour=23",
    // Week years differ here: YYYY would file them under 2025 and 2020.
    "2024-12-30T05:00:00Z, topics/t/year=2024/month=12/day=30/hour=05",
    "2021-01-01T00:00:00Z, topics/t/year=2021/month=01/day=01/hour=00",
    "1969-12-31T23:30:00Z, topics/t/year=1969/month=12/day=31/hour=23"
  })
  void filesByTheCalendarYearAndTheHourInUtc(Instant time, String folder) {
    long hour = Math.floorDiv(time.getEpochSecond(), 3600);

    assertThat(HourFolders.folder("t", hour)).isEqualTo(folder);
  }

  @Test
  void agreesWithTheCalendarForEveryHourOfManyYears() {
    HourFolders folders = new HourFolders("t");
    ZonedDateTime time = ZonedDateTime.of(2015, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    for (; time.getYear() < 2026; time = time.plus(Duration.ofHours(1))) {
      LakeLine line = new LakeLine(time.toEpochSecond() / 3600, new byte[0]);

      assertThat(folders.getBucketId(line, null))
          .isEqualTo(
              "topics/t/year=%d/month=%02d/day=%02d/hour=%02d"
                  .formatted(
                      time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour()));
    }
  }
}
