package io.millrace.core.registry;

import org.jspecify.annotations.Nullable;

/**
 * Asks that a version serves all users.
 *
 * @param by who asks: a person, a key or a run
 * @param reason why; kept in the audit record
 * @param forced whether the gate is not asked
 * @param comparison what the gate compared; null if a person asks
 */
public record PromotionRequest(
    String model,
    String version,
    String by,
    String reason,
    boolean forced,
    @Nullable Comparison comparison) {
  private static final int MAX_REASON = 1_000;

  /**
   * What a gate found.
   *
   * @param champion the version that the candidate was compared with; null if there was none
   * @param best whether the candidate is the best version so far
   */
  public record Comparison(@Nullable String champion, boolean best) {}

  public PromotionRequest {
    if (reason.isBlank()) {
      throw new IllegalArgumentException(
          forced
              ? "A promotion past the gate needs a reason, which is recorded on the version"
              : "A promotion needs a reason");
    }
    if (reason.length() > MAX_REASON) {
      throw new IllegalArgumentException(
          "The reason must have at most %,d characters, but has %,d"
              .formatted(MAX_REASON, reason.length()));
    }
  }

  /** A person or a program promotes a version that passed the gate. */
  public static PromotionRequest of(String model, String version, String by, String reason) {
    return new PromotionRequest(model, version, by, reason, false, null);
  }

  /**
   * A person promotes a version although it did not pass the gate.
   *
   * @throws IllegalArgumentException if there is no reason
   */
  public static PromotionRequest forced(String model, String version, String by, String reason) {
    return new PromotionRequest(model, version, by, reason, true, null);
  }

  /** A run promotes the version that its gate let pass. */
  public static PromotionRequest afterGate(
      String model, String version, String by, String reason, Comparison comparison) {
    return new PromotionRequest(model, version, by, reason, false, comparison);
  }
}
