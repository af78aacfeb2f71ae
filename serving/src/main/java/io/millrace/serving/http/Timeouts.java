package io.millrace.serving.http;

import java.time.Duration;

/**
 * How long the server waits.
 *
 * @param idle for the next byte of a connection, either way, and between two of its requests
 * @param body for the whole body of a request, however steadily it trickles
 * @param answer for the client to read the whole answer, however steadily it does
 * @param preStop between the moment that a closing server is no longer ready and the one in which
 *     it stops to listen: as long as a load balancer needs to notice
 * @param drain for the requests in progress after that
 */
public record Timeouts(
    Duration idle, Duration body, Duration answer, Duration preStop, Duration drain) {
  /** What holds if nothing is said: 30 s, 10 s, 60 s, none, 10 s. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ZERO,
          Duration.ofSeconds(10));

  public Timeouts {
    if (!positive(idle)
        || !positive(body)
        || !positive(answer)
        || preStop.isNegative()
        || !positive(drain)) {
      throw new IllegalArgumentException(
          "Timeouts must be positive (preStop may be 0), not idle=%s, body=%s, answer=%s, preStop=%s, drain=%s"
              .formatted(idle, body, answer, preStop, drain));
    }
  }

  /** The same with other times to stop in. */
  public Timeouts stopping(Duration newPreStop, Duration newDrain) {
    return new Timeouts(idle, body, answer, newPreStop, newDrain);
  }

  private static boolean positive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }
}
