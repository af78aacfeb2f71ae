package io.millrace.workflows.training;

import io.millrace.core.features.PurchaseLabel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to freeze and when it is enough to train on.
 *
 * @param runKey names the object, so that a retry writes the same one
 * @param minRows fewer labelled rows skip the run
 * @param minPositives fewer rows of either label skip the run
 * @param validationShare of rows
 * @param testShare of rows
 * @param labelHorizonMinutes see {@link PurchaseLabel}; null in runs that are older than this field
 */
public record LoadRequest(
    String runKey,
    long minRows,
    long minPositives,
    double validationShare,
    double testShare,
    @Nullable Integer labelHorizonMinutes) {

  /** How long after its cart event a purchase counts, and how old a cart event must be. */
  public Duration labelHorizon() {
    return labelHorizonMinutes == null
        ? PurchaseLabel.HORIZON
        : Duration.ofMinutes(labelHorizonMinutes);
  }
}
