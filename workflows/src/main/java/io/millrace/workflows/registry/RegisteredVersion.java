package io.millrace.workflows.registry;

import io.millrace.engine.Summary;
import java.util.List;

/**
 * The one version that a training run registered.
 *
 * @param mlflowRunId the run that made it, with its metrics, params and artifacts
 * @param aliases those that this run moved to it; empty if the gate held it back
 * @param reasons why it was held back; empty if it was not
 */
public record RegisteredVersion(
    String modelName,
    String version,
    String mlflowRunId,
    List<String> aliases,
    List<String> reasons,
    double auc,
    double baselineAuc,
    double logloss)
    implements Summary {

  public RegisteredVersion {
    aliases = List.copyOf(aliases);
    reasons = List.copyOf(reasons);
  }

  @Override
  public String summary() {
    String where = aliases.isEmpty() ? "no alias" : String.join(", ", aliases);
    return "%s version %s (%s)%s"
        .formatted(
            modelName, version, where, reasons.isEmpty() ? "" : ": " + String.join("; ", reasons));
  }
}
