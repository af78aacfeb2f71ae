package io.millrace.flink.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenHoursTest {
  private static final long NOW = 500_000;

  private OneInputStreamOperatorTestHarness<LakeLine, LakeLine> hours;

  @BeforeEach
  void open() throws Exception {
    hours = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new OpenHours(3)));
    hours.open();
    hours.setProcessingTime(Duration.ofHours(NOW).toMillis() + 1);
  }

  @AfterEach
  void close() throws Exception {
    hours.close();
  }

  @Test
  void filesALineUnderItsOwnHourAsLongAsThereAreFew() throws Exception {
    assertThat(file(7, -7, 7, 9_000_000, -7)).containsExactly(7L, -7L, 7L, 9_000_000L, -7L);
  }

  @Test
  void filesALineUnderTheHourOfNowWhenItsOwnWouldBeOneTooMany() throws Exception {
    assertThat(file(1, 2, 3, 4, 2, 5)).containsExactly(1L, 2L, 3L, NOW, 2L, NOW);
  }

  @Test
  void beginsAgainWithEveryCheckpoint() throws Exception {
    assertThat(file(1, 2, 3, 4)).last().isEqualTo(NOW);
    hours.snapshot(1, 1);

    assertThat(file(4, 5, 6, 7)).endsWith(4L, 5L, 6L, NOW);
  }

  @Test
  void openAtMostSoManyWhateverTheHoursOfTheEvents() throws Exception {
    List<Long> filed = file(LongStream.range(0, 200_000).toArray());

    assertThat(filed).hasSize(200_000);
    assertThat(filed.stream().distinct()).hasSize(4);
  }

  private List<Long> file(long... of) throws Exception {
    for (long hour : of) {
      hours.processElement(new LakeLine(hour, new byte[0]), 0);
    }
    return hours.extractOutputValues().stream().map(LakeLine::hour).toList();
  }
}
