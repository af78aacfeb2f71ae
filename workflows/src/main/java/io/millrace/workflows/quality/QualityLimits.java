package io.millrace.workflows.quality;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How far a run's data may be off.
 *
 * @param minRows least number of rows
 * @param maxRows largest number of rows
 * @param validShare least share of lines that are valid events
 * @param thresholds the other thresholds; null for {@link QualityThresholds#DEFAULT}, so that runs
 *     from before there were any replay
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QualityLimits(
    long minRows, long maxRows, double validShare, @Nullable QualityThresholds thresholds) {

  /** Leaves the thresholds out if they are the default. */
  public static QualityLimits of(
      long minRows, long maxRows, double validShare, QualityThresholds thresholds) {
    return new QualityLimits(
        minRows,
        maxRows,
        validShare,
        thresholds.equals(QualityThresholds.DEFAULT) ? null : thresholds);
  }

  /** The other thresholds. */
  @JsonIgnore
  public QualityThresholds orDefault() {
    return thresholds == null ? QualityThresholds.DEFAULT : thresholds;
  }
}
