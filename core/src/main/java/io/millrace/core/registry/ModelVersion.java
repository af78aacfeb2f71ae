package io.millrace.core.registry;

import java.util.Map;

/**
 * One version of a registered model.
 *
 * @param created when it was registered, milliseconds since 1970; a model that is deleted and made
 *     again has other versions of the same numbers
 * @param updated when anything about it was last changed
 */
public record ModelVersion(
    String name,
    String version,
    String runId,
    String source,
    Map<String, String> tags,
    long created,
    long updated) {
  /** Whether a gate let the version pass: {@value #PASSED}, or anything else if it did not. */
  public static final String GATE = "gate";

  public static final String PASSED = "passed";

  public ModelVersion {
    tags = Map.copyOf(tags);
  }
}
