package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.common.RetryOptions;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryJitterTest {

  private static final RetryOptions RETRY =
      RetryOptions.newBuilder()
          .setInitialInterval(Duration.ofSeconds(1))
          .setBackoffCoefficient(2)
          .setMaximumInterval(Duration.ofSeconds(60))
          .build();

  @Property
  void shortensTheWaitByAtMostAFifth(
      @ForAll String task, @ForAll @IntRange(min = 1, max = 50) int attempt) {
    double full = Math.min(60_000, 1_000 * Math.pow(2, attempt - 1.0));

    assertThat((double) RetryJitter.shortened(RETRY, task, attempt).toMillis())
        .isBetween(full * 0.8 - 1, full + 1);
  }

  @Test
  void spreadsTasksAndIsTheSameForTheSameTry() {
    assertThat(
            java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> RetryJitter.shortened(RETRY, "t" + i, 3))
                .distinct())
        .hasSizeGreaterThan(50);
    assertThat(RetryJitter.shortened(RETRY, "t", 3))
        .isEqualTo(RetryJitter.shortened(RETRY, "t", 3));
  }
}
