package io.millrace.stack.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineLoadTest {
  @ParameterizedTest
  @CsvSource({
    "-1, 2, 60",
    "0, 2, 60",
    "2, 2, 60",
    "5, 2, 150",
    "20, 2, 600",
    "50, 2, 600",
    "50, 64, 60"
  })
  void aLimitGrowsWithTheProgramsThatWaitForEachProcessor(
      double load, int processors, long seconds) {
    assertThat(MachineLoad.stretch(Duration.ofMinutes(1), load, processors))
        .isEqualTo(Duration.ofSeconds(seconds));
  }
}
