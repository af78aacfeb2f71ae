package io.millrace.workers.config;

import io.millrace.core.events.UnavailableValue;
import java.util.List;

/**
 * What of the contract of events depends on where they come from. The validation, a Flink job, has
 * the same key.
 *
 * @param unavailableValue Debezium's {@code unavailable.value.placeholder}, which is no value
 */
public record EventsConfig(String unavailableValue) {
  private static final String UNAVAILABLE_VALUE = "cdc.unavailable-value";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(
              UNAVAILABLE_VALUE,
              UnavailableValue.STANDARD.text(),
              "Debezium's placeholder for a value that it does not know"));

  /** Checks the value. */
  public EventsConfig {
    Checks.notBlank(UNAVAILABLE_VALUE, unavailableValue);
  }

  /** Takes it from the settings. */
  public static EventsConfig from(Settings settings) {
    return new EventsConfig(settings.text(UNAVAILABLE_VALUE));
  }

  /** The placeholder in all its forms. */
  public UnavailableValue unavailable() {
    return UnavailableValue.of(unavailableValue);
  }
}
