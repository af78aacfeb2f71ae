package io.millrace.workflows.quality;

import java.util.List;

/**
 * What to check gold against.
 *
 * @param limits how far the data may be off
 * @param days ISO dates whose facts are checked
 */
public record GoldCheck(QualityLimits limits, List<String> days) {
  public GoldCheck {
    days = List.copyOf(days);
  }
}
