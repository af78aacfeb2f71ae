package io.millrace.workflows.quality;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.millrace.workflows.lake.HourScope;
import io.millrace.workflows.lake.IngestResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to check bronze against.
 *
 * @param limits how far the data may be off
 * @param rejectedObjects objects of this run of which nothing could be loaded
 * @param rejected some of them with the reason, for the report
 * @param hours only rows of objects of these hours are judged; null for all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BronzeCheck(
    QualityLimits limits, int rejectedObjects, List<String> rejected, @Nullable HourScope hours) {
  public BronzeCheck {
    rejected = List.copyOf(rejected);
  }

  /**
   * For the run that ingested these.
   *
   * @param hours the hours that it loaded, or null if it took what was new
   */
  public static BronzeCheck of(
      QualityLimits limits, @Nullable HourScope hours, List<IngestResult> ingested) {
    return new BronzeCheck(
        limits,
        ingested.stream().mapToInt(IngestResult::rejectedObjects).sum(),
        ingested.stream()
            .flatMap(result -> result.rejected().stream())
            .limit(IngestResult.MAX_REJECTED)
            .toList(),
        hours);
  }
}
