package io.millrace.workers.config;

import io.millrace.stack.Port;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names of the settings that the local servers read: their ports, which object store, how long a
 * start may take.
 */
final class LocalKeys {
  static final List<String> NAMES =
      Stream.concat(
              Stream.of("stack.s3", "stack.start-timeout"),
              Arrays.stream(Port.values()).map(port -> "ports." + port.setting()))
          .toList();

  private LocalKeys() {}

  static Map<String, String> in(Map<String, String> values) {
    return values.entrySet().stream()
        .filter(entry -> NAMES.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
