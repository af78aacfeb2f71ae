package io.millrace.serving.models;

import java.time.Instant;

/**
 * A model that is served no more because the registry has it no more.
 *
 * @param model its name
 * @param version which served last
 * @param cause what was gone
 * @param detail the same in a sentence
 * @param at when it was withdrawn
 */
public record Withdrawal(
    String model, String version, Gone.Cause cause, String detail, Instant at) {

  /** What a request for the model is told. */
  String reason() {
    return "version %s was withdrawn at %s: %s".formatted(version, at, detail);
  }
}
