package io.millrace.activities.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workflows.jobs.HealthLimits;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HealthWatchTest {
  private final HealthWatch watch = new HealthWatch(new HealthLimits(10, 10, 2, 0, 1, 90, 100L));

  @Test
  void isContentWithAJobThatCheckpoints() {
    assertThat(watch.add(sample("INITIALIZING", 0, 0, figures(0, 0, -1)))).isEmpty();
    assertThat(watch.add(sample("RUNNING", 1, 0, figures(1, 100, 5_000)))).isEmpty();
    assertThat(watch.add(sample("RUNNING", 2, 0, figures(1, 20, 100)))).isEmpty();

    assertThat(watch.end()).isEmpty();
    assertThat(watch.summary())
        .isEqualTo("2 checkpoints, 1 restarts, back-pressure 20%, lag 100 records");
  }

  @Test
  void isNotWithOneThatFailsOrIsRestarted() {
    assertThat(watch.add(sample("FAILED", 0, 0, figures(0, 0, -1)))).contains("it is FAILED");
    assertThat(watch.add(sample("RESTARTING", 0, 0, figures(2, 0, -1))))
        .contains("2 restarts, of 1 allowed");
  }

  @Test
  void countsEachCheckpointThatFailsOnce() {
    HealthWatch lenient = new HealthWatch(new HealthLimits(10, 10, 0, 1, 0, 90, null));

    assertThat(lenient.add(sample("RUNNING", 5, 7, figures(0, 0, 0)))).isEmpty();
    assertThat(lenient.add(sample("RUNNING", 6, 7, figures(0, 0, 0)))).isEmpty();
    assertThat(lenient.add(sample("RUNNING", 7, 9, figures(0, 0, 0))))
        .contains("2 checkpoints that failed, of 1 allowed");
  }

  @Test
  void wantsCheckpointsWithinTheWindow() {
    assertThat(watch.add(sample("RUNNING", 1, 0, figures(0, 0, 0)))).isEmpty();
    assertThat(watch.end()).contains("1 checkpoints completed, minCheckpoints is 2");
  }

  @Test
  void wantsItToRunInTheEnd() {
    assertThat(watch.add(sample("RESTARTING", 5, 0, figures(1, 0, 0)))).isEmpty();
    assertThat(watch.end()).contains("it is RESTARTING after the window");
  }

  @Test
  void noticesWhatIsStuckOrLiesBehind() {
    HealthWatch behind = new HealthWatch(new HealthLimits(10, 10, 0, 0, 0, 90, 100L));

    assertThat(watch.add(sample("RUNNING", 2, 0, figures(0, 99, 0)))).isEmpty();
    assertThat(watch.end().orElseThrow()).contains("back-pressure all the time, 99%");
    assertThat(behind.add(sample("RUNNING", 2, 0, figures(0, 0, 1_000)))).isEmpty();
    assertThat(behind.end()).contains("it lies 1,000 records behind, maxLag is 100");
  }

  private static HealthWatch.Sample sample(
      String state, int completed, long failed, JobFigures figures) {
    Set<Long> numbers = failed == 0 ? Set.of() : Set.of(failed);
    return new HealthWatch.Sample(state, completed, numbers, figures);
  }

  private static JobFigures figures(int restarts, int backPressurePercent, long lag) {
    return new JobFigures(1, restarts, backPressurePercent, lag);
  }
}
