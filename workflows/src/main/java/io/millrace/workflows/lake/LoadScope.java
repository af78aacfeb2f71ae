package io.millrace.workflows.lake;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.engine.DataInterval;
import io.millrace.engine.schedule.ScheduledRun;
import io.millrace.engine.schedule.ScheduledRun.Before;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run on the lake loads. For workflow code: it asks how the current run was started.
 *
 * <p>The rule: a run of a schedule or by hand takes what is new, whichever hour it belongs to, so
 * that nothing late is lost; a run of a backfill loads exactly the hours of its data interval, in
 * place of what was loaded of them before.
 */
public enum LoadScope {
  /** {@link #INTERVAL} in a backfill, and in a rerun of a backfill's run; else {@link #NEW}. */
  @JsonProperty("auto")
  AUTO,
  /**
   * Every object that is not loaded yet. In a run with a nominal time only objects of hours that
   * began before the end of its data interval; the others are the next run's.
   */
  @JsonProperty("new")
  NEW,
  /** The hours of the data interval: after the run the warehouse has what the lake has of them. */
  @JsonProperty("interval")
  INTERVAL;

  /** The hours that the current run loads; empty if it takes what is new. */
  public Optional<LakeHours> hours(DataInterval interval) {
    boolean byHours = this == INTERVAL || (this == AUTO && isBackfill());
    return byHours ? Optional.of(LakeHours.of(interval)) : Optional.empty();
  }

  /** What is new belongs to hours that began before this; null if any will do. */
  public @Nullable Instant before(DataInterval interval) {
    return ScheduledRun.ofCurrentRun().isPresent() && hours(interval).isEmpty()
        ? interval.end()
        : null;
  }

  /** A rerun by hand names no backfill any more, but what came before it is still a backfill's. */
  private static boolean isBackfill() {
    return ScheduledRun.ofCurrentRun()
        .filter(run -> run.backfill() != null || run.before() != Before.LAST)
        .isPresent();
  }
}
