package io.millrace.core.tuning;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of successive halving: at which rounds a trial is judged and how few go on.
 *
 * <p>Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning" (MLSys 2020), in
 * the stopping form that Ray Tune also uses: a trial is judged once when it reaches a rung, and
 * either stops there or goes on.
 *
 * @param graceRounds rounds before the first judgement, at least 1
 * @param maxRounds rounds of a trial that is never stopped
 * @param reduction one in this many trials survives a rung, at least 2
 */
public record AshaRule(int graceRounds, int maxRounds, int reduction) {

  public AshaRule {
    if (graceRounds < 1 || maxRounds < graceRounds || reduction < 2) {
      throw new IllegalArgumentException(
          "Need 1 <= graceRounds <= maxRounds and reduction >= 2: graceRounds=%d, maxRounds=%d, reduction=%d"
              .formatted(graceRounds, maxRounds, reduction));
    }
  }

  /** No early stopping: every trial runs all its rounds. */
  public static AshaRule none(int maxRounds) {
    return new AshaRule(maxRounds, maxRounds, 2);
  }

  /** The rounds at which trials are judged, ascending; the last is {@link #maxRounds}, the end. */
  public List<Integer> rungs() {
    List<Integer> rungs = new ArrayList<>();
    for (long rounds = graceRounds; rounds < maxRounds; rounds *= reduction) {
      rungs.add((int) rounds);
    }
    rungs.add(maxRounds);
    return List.copyOf(rungs);
  }

  /**
   * Whether a trial goes on, given its rank at a rung.
   *
   * @param better how many of those judged with it have a lower loss
   * @param judged how many were judged, itself included
   */
  public boolean survives(int better, int judged) {
    return better < Math.max(1, judged / reduction);
  }
}
