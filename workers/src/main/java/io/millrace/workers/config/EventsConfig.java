package io.millrace.workers.config;

import io.millrace.core.events.UnavailableValue;
import java.util.List;

/**
 * What of the contract of events depends on where they come from. The validation, a Flink job, has
 * the same key.
 *
 * @param unavailable Debezium's {@code unavailable.value.placeholder}, which is no value
 */
public record EventsConfig(UnavailableValue unavailable) {
  private static final String UNAVAILABLE = "cdc.unavailable-value";

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.optional(
              UNAVAILABLE,
              UnavailableValue.STANDARD.text(),
              "Debezium's placeholder for a value that it does not know"));

  static EventsConfig of(String placeholder) {
    Checks.notBlank(UNAVAILABLE, placeholder);
    return new EventsConfig(UnavailableValue.of(placeholder));
  }

  /** Takes it from the settings. */
  public static EventsConfig from(Settings settings) {
    return of(settings.text(UNAVAILABLE));
  }
}
