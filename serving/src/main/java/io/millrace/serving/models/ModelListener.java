package io.millrace.serving.models;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Learns of each attempt to change what serves. */
@FunctionalInterface
public interface ModelListener {
  /** Version {@code version} of the model now serves by the alias, or not, and why. */
  void reloaded(
      String model, String version, String alias, Duration took, @Nullable String refusal);

  /** A model is served no more. */
  default void withdrawn(Withdrawal withdrawal) {}
}
