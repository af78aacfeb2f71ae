package io.millrace.workflows.training;

import io.millrace.core.tuning.TrialParams;
import io.millrace.engine.Summary;

/**
 * A trained model that is not registered yet.
 *
 * @param uri {@code s3://bucket/prefix} under which lie {@code model.ubj}, {@code model.json},
 *     {@code category_mappings.json} and {@code baseline_statistics.json}
 * @param modelSha256 hex, of {@code model.ubj}
 * @param resumedAt the round this training was resumed at, 0 if it was not
 */
public record CandidateRef(
    String uri, String modelSha256, TrialParams params, int rounds, long seed, int resumedAt)
    implements Summary {

  @Override
  public String summary() {
    return rounds + " rounds, " + params.asMap();
  }
}
