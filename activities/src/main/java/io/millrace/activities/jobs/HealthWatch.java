package io.millrace.activities.jobs;

import io.millrace.workflows.jobs.HealthLimits;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Decides from what is seen of a job, second by second, whether it is healthy. */
final class HealthWatch {
  private final HealthLimits limits;
  private int seen;
  private int backPressured;
  private final Set<Long> failed = new HashSet<>();
  private Sample last = new Sample("UNKNOWN", 0, Set.of(), new JobFigures(0, 0, 0, -1));

  HealthWatch(HealthLimits limits) {
    this.limits = limits;
  }

  /** A job at one moment: how many checkpoints have completed, and which have failed lately. */
  record Sample(String state, int completed, Set<Long> failed, JobFigures figures) {}

  /** Takes in a moment; says why the job cannot be healthy any more, if so. */
  Optional<String> add(Sample sample) {
    seen++;
    last = sample;
    int percent = sample.figures().backPressurePercent();
    backPressured += percent > limits.maxBackPressurePercent() ? 1 : 0;
    if (FlinkApi.hasEnded(sample.state())) {
      return Optional.of("it is " + sample.state());
    }
    int restarts = sample.figures().restarts();
    if (restarts > limits.maxRestarts()) {
      return Optional.of(tooMany(restarts, "restarts", limits.maxRestarts()));
    }
    failed.addAll(sample.failed());
    return failed.size() > limits.maxFailedCheckpoints()
        ? Optional.of(
            tooMany(failed.size(), "checkpoints that failed", limits.maxFailedCheckpoints()))
        : Optional.empty();
  }

  /** Whether the window can begin. */
  boolean hasStarted() {
    return last.completed() > 0 || (limits.minCheckpoints() == 0 && last.state().equals("RUNNING"));
  }

  /** Says at the end of the window why the job is not healthy, if so. */
  Optional<String> end() {
    if (!last.state().equals("RUNNING")) {
      return Optional.of("it is %s after the window".formatted(last.state()));
    }
    if (last.completed() < limits.minCheckpoints()) {
      return Optional.of(
          "%d checkpoints completed, minCheckpoints is %d"
              .formatted(last.completed(), limits.minCheckpoints()));
    }
    if (seen > 0 && backPressured == seen) {
      return Optional.of(
          "an operator stood under back-pressure all the time, %d%% at last, of %d%% allowed"
              .formatted(last.figures().backPressurePercent(), limits.maxBackPressurePercent()));
    }
    Long maxLag = limits.maxLag();
    long lag = last.figures().lag();
    return maxLag != null && lag > maxLag
        ? Optional.of("it lies %,d records behind, maxLag is %,d".formatted(lag, maxLag))
        : Optional.empty();
  }

  /** What was seen of a healthy job. */
  String summary() {
    return "%d checkpoints, %d restarts, back-pressure %d%%, lag %s"
        .formatted(
            last.completed(),
            last.figures().restarts(),
            last.figures().backPressurePercent(),
            last.figures().lag() < 0 ? "unknown" : last.figures().lag() + " records");
  }

  private static String tooMany(int count, String what, int limit) {
    return "%d %s, of %d allowed".formatted(count, what, limit);
  }
}
