package io.millrace.activities.training;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the models to beat come from. */
public interface ChampionSource {
  /**
   * The version that an alias points at.
   *
   * @param version in the registry
   * @param trainedUntil what it has learned from began before: of sessions that began at this time
   *     or later it has seen no row. Null if nobody knows
   */
  record Champion(String version, TrainedModel model, @Nullable Instant trainedUntil) {}

  /** The current champion of a registered model, empty if there is none. */
  Optional<Champion> champion(String modelName);

  /**
   * The champion, present or former, with the lowest log loss so far, empty if none is recorded.
   * The version alone decides whether it is another one than the champion.
   */
  Optional<Champion> best(String modelName);
}
