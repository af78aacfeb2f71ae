package io.millrace.workers.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A setting that Millrace knows.
 *
 * @param name the name in a file, for example {@code kafka.bootstrap-servers}
 * @param defaultValue what holds when nobody sets it; null = it must be set before it is used
 * @param secret whether the value is masked wherever it is shown
 * @param meaning one line for {@code millrace config}
 */
public record ConfigKey(
    String name, @Nullable String defaultValue, boolean secret, String meaning) {

  static ConfigKey optional(String name, String defaultValue, String meaning) {
    return new ConfigKey(name, defaultValue, false, meaning);
  }

  static ConfigKey required(String name, String meaning) {
    return new ConfigKey(name, null, false, meaning);
  }

  static ConfigKey secret(String name, String meaning) {
    return new ConfigKey(name, null, true, meaning);
  }

  static ConfigKey optionalSecret(String name, String meaning) {
    return new ConfigKey(name, "", true, meaning);
  }

  /** The environment variable of this setting, for example {@code KAFKA_BOOTSTRAP_SERVERS}. */
  public String environmentName() {
    return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  String prefix() {
    return name.substring(0, name.indexOf('.'));
  }
}
