package io.millrace.workflows.quality;

import io.millrace.workflows.lake.IngestResult;
import java.util.List;

/**
 * What to check bronze against.
 *
 * @param limits how far the data may be off
 * @param rejectedObjects objects of this run of which nothing could be loaded
 * @param rejected some of them with the reason, for the report
 */
public record BronzeCheck(QualityLimits limits, int rejectedObjects, List<String> rejected) {
  public BronzeCheck {
    rejected = List.copyOf(rejected);
  }

  /** For the run that ingested these. */
  public static BronzeCheck of(QualityLimits limits, List<IngestResult> ingested) {
    return new BronzeCheck(
        limits,
        ingested.stream().mapToInt(IngestResult::rejectedObjects).sum(),
        ingested.stream()
            .flatMap(result -> result.rejected().stream())
            .limit(IngestResult.MAX_REJECTED)
            .toList());
  }
}
