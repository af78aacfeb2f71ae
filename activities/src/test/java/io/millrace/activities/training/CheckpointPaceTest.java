package io.millrace.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CheckpointPaceTest {

  @Test
  void aCheckpointIsDueAfterEnoughRoundsAndEnoughTime() {
    CheckpointPace pace = new CheckpointPace(25, Duration.ofSeconds(2));

    assertThat(pace.due(25, 2_000)).isTrue();
    assertThat(pace.due(26, 2_000)).as("between two marks").isFalse();
    assertThat(pace.due(50, 1_999)).as("too soon after the one before").isFalse();
    assertThat(pace.due(50, -3_600_000)).as("a clock set back").isFalse();
    assertThat(new CheckpointPace(1, Duration.ZERO).due(7, 0)).isTrue();
  }

  @Test
  void aPaceWithoutRoundsIsRefused() {
    assertThatThrownBy(() -> new CheckpointPace(0, Duration.ZERO))
        .hasMessage("A checkpoint is kept every 1 or more rounds, not every 0");
  }
}
