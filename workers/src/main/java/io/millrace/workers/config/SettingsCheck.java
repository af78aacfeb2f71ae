package io.millrace.workers.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Refuses settings that nobody reads, which are nearly always typing errors.
 *
 * <p>In a file of ours every unknown name is an error. In the environment others have their say too
 * ({@code KAFKA_HOME}, {@code TEMPORAL_API_KEY}), so there a name under one of our prefixes is an
 * error only if it is nearly one of ours.
 */
final class SettingsCheck {
  private static final int TYPING_ERROR = 2;

  private SettingsCheck() {}

  static void file(Path file, Map<String, String> values) {
    List<String> known =
        Stream.concat(MillraceConfig.KEYS.stream().map(ConfigKey::name), LocalKeys.NAMES.stream())
            .toList();
    for (String name : new TreeSet<>(values.keySet())) {
      if (!known.contains(name)) {
        throw unknown("setting '" + name + "' in " + file, EditDistance.nearest(name, known));
      }
    }
  }

  static void environment(Map<String, String> variables) {
    List<String> known = MillraceConfig.KEYS.stream().map(ConfigKey::environmentName).toList();
    List<String> prefixes =
        MillraceConfig.KEYS.stream()
            .map(key -> key.environmentName().substring(0, key.prefix().length() + 1))
            .distinct()
            .toList();
    for (String name : new TreeSet<>(variables.keySet())) {
      if (known.contains(name) || prefixes.stream().noneMatch(name::startsWith)) {
        continue;
      }
      String nearest = EditDistance.nearest(name, known);
      if (EditDistance.between(name, nearest) <= TYPING_ERROR) {
        throw unknown("environment variable " + name, nearest);
      }
    }
  }

  private static ConfigException unknown(String what, String nearest) {
    return new ConfigException("Unknown " + what + "; did you mean " + nearest + "?");
  }
}
