package io.millrace.core.events;

/** What {@link EventReader} says about a message. */
public sealed interface Verdict permits Verdict.Valid, Verdict.Invalid, Verdict.Unreadable {

  /** Error type of a message that is JSON but breaks the contract. */
  String SCHEMA_VALIDATION_ERROR = "SCHEMA_VALIDATION_ERROR";

  /** Error type of a message in which no event can be found at all. */
  String PROCESSING_ERROR = "PROCESSING_ERROR";

  /** The message keeps the contract of {@link EventField}. */
  record Valid(Event event) implements Verdict {}

  /**
   * The message is JSON with a payload, but breaks the contract.
   *
   * @param errorMessage the first broken rule in contract order, for example {@code Field brand is
   *     required}
   */
  record Invalid(String errorMessage) implements Verdict {}

  /**
   * The message is not a JSON object with a payload.
   *
   * @param errorMessage {@code Processing error: } and the reason; holds none of the message's own
   *     values
   */
  record Unreadable(String errorMessage) implements Verdict {}
}
