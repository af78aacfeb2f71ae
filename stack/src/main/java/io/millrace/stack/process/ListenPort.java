package io.millrace.stack.process;

import io.millrace.stack.StackException;

/**
 * A TCP port that a process will listen on.
 *
 * @param setting its name in the configuration: {@code kafka} for {@code ports.kafka}, {@code
 *     MILLRACE_KAFKA_PORT}
 * @param number 1 to 65535
 */
public record ListenPort(String setting, int number) {
  /** Rejects a number that is no port. */
  public ListenPort {
    if (number < 1 || number > 65535) {
      throw new StackException(
          "ports." + setting + " is " + number + ": a port is a number from 1 to 65535.");
    }
  }
}
