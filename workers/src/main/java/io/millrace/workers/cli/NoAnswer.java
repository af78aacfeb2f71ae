package io.millrace.workers.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * Says in what way a server gives no answer: it refuses connections, so that it has to be started,
 * or it was slower than a timeout, which the sentence names with its setting.
 */
final class NoAnswer {
  private static final Duration PROBE = Duration.ofSeconds(2);
  private static final String REMEDY =
      " `millrace status` shows the local servers, `millrace up` starts them.";

  private NoAnswer() {}

  /** One that a connection was not had to within a time. */
  static String within(String server, String hostAndPort, Duration timeout, String setting) {
    return refuses(hostAndPort, PROBE)
        ? refused(server + " at " + hostAndPort)
        : "%s at %s did not answer within %s (%s): it is slow, hangs or cannot be reached. Try again, or set a longer %s."
            .formatted(server, hostAndPort, shown(timeout), setting, setting);
  }

  /** One whose connection was refused. */
  static String refused(String server) {
    return server
        + " does not answer: the connection was refused, so nothing listens there."
        + REMEDY;
  }

  /** Whether a connection is refused within a time; false if there is no answer or no such host. */
  static boolean refuses(String hostAndPort, Duration timeout) {
    int colon = hostAndPort.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1))),
          (int) timeout.toMillis());
      return false;
    } catch (ConnectException e) {
      return !String.valueOf(e.getMessage()).contains("timed out");
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static String shown(Duration time) {
    return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
