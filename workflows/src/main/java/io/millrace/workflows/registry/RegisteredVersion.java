package io.millrace.workflows.registry;

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
    double logloss) {

  public RegisteredVersion {
    aliases = List.copyOf(aliases);
    reasons = List.copyOf(reasons);
  }
}
