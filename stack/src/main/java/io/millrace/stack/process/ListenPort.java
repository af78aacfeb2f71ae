package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.util.Locale;

/**
 * A TCP port that a process will listen on.
 *
 * @param setting its name in the configuration: {@code kafka} for {@code ports.kafka}, {@code
 *     MILLRACE_KAFKA_PORT}
 * @param number 1 to 65535
 */
public record ListenPort(String setting, int number) {
  private static final String SERVING = "serving";

  /** How another number is chosen. */
  String remedy() {
    String variable = setting.toUpperCase(Locale.ROOT).replace('-', '_');
    return setting.equals(SERVING)
        ? "serving.port=NUMBER in millrace.properties, or SERVING_PORT=NUMBER"
        : "ports.%s=NUMBER in millrace.properties, or MILLRACE_%s_PORT=NUMBER"
            .formatted(setting, variable);
  }

  /** Rejects a number that is no port. */
  public ListenPort {
    if (number < 1 || number > 65535) {
      throw new StackException(
          "ports." + setting + " is " + number + ": a port is a number from 1 to 65535.");
    }
  }
}
