package io.millrace.serving.models;

import io.millrace.core.registry.CanaryShare;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a model serve, as the registry's aliases say.
 *
 * @param champion version behind the alias {@code champion}, or null
 * @param canary version behind the alias {@code canary}, or null
 * @param canaryShare part of the users that the canary serves, 0 to 1
 * @param shadow version behind the alias {@code shadow}, or null: it is scored and logged, and
 *     never answers
 * @param canaryProblem why the canary cannot serve, whichever version it is, such as a share that
 *     is no part; null if nothing is wrong. The other aliases hold all the same
 */
public record Rollout(
    @Nullable String champion,
    @Nullable String canary,
    double canaryShare,
    @Nullable String shadow,
    @Nullable String canaryProblem) {
  public Rollout {
    if (!CanaryShare.isValid(canaryShare)) {
      throw new IllegalArgumentException("The canary's share must be 0 to 1, not " + canaryShare);
    }
  }

  /** One about which nothing is wrong. */
  public Rollout(
      @Nullable String champion,
      @Nullable String canary,
      double canaryShare,
      @Nullable String shadow) {
    this(champion, canary, canaryShare, shadow, null);
  }

  /** One version for everybody. */
  public static Rollout of(String champion) {
    return new Rollout(champion, null, CanaryShare.DEFAULT, null);
  }
}
