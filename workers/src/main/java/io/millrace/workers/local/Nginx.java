package io.millrace.workers.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.stack.StackException;
import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * nginx in front of the replicas: the one with the fewest requests gets the next, and one that does
 * not answer is passed over. A prediction changes nothing, so that another replica may be asked the
 * same again. One that refuses is not passed over: all are as busy, and would get its load too.
 *
 * @param folder its configuration and temporary files
 * @param port where it listens
 * @param replicas their ports
 */
record Nginx(Path folder, int port, List<Integer> replicas) {
  /** Shared with {@code deploy/compose}, whose image of nginx fills it in by itself. */
  static final String TEMPLATE = "nginx.conf.template";

  /** When a replica is passed over, and for how long. */
  static final String PASSED_OVER = "max_fails=3 fail_timeout=1s";

  /** For when all are passed over: one that broke off a moment ago may answer again. */
  static final String NEVER_PASSED_OVER = "max_fails=0";

  /** Writes the configuration, and says how to start it. */
  List<String> command() {
    Path program =
        Executables.server("nginx")
            .orElseThrow(
                () ->
                    new StackException(
                        "There is no nginx, which several replicas need. Install it (Debian:"
                            + " apt-get install nginx-light), or start one replica."));
    try {
      Files.createDirectories(folder);
      Path file = Files.writeString(folder.resolve("nginx.conf"), configuration());
      return List.of(program.toString(), "-p", folder.toString(), "-c", file.toString());
    } catch (IOException e) {
      throw new StackException("Cannot write nginx.conf into " + folder + ": " + e.getMessage(), e);
    }
  }

  /** What nginx is told. */
  String configuration() {
    return filled(
        Map.of(
            "NGINX_REPLICAS",
            servers(PASSED_OVER),
            "NGINX_ANY_REPLICA",
            servers(NEVER_PASSED_OVER),
            "NGINX_LISTEN",
            "127.0.0.1:" + port,
            "NGINX_TRIES",
            Integer.toString(replicas.size() + 1)));
  }

  private String servers(String options) {
    return replicas.stream()
        .map(replica -> "server 127.0.0.1:%d %s;".formatted(replica, options))
        .collect(Collectors.joining("\n    "));
  }

  /** The template with its names replaced, as {@code envsubst} does it. */
  static String filled(Map<String, String> values) {
    String text = template();
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue());
    }
    return text;
  }

  private static String template() {
    try (InputStream in = Nginx.class.getResourceAsStream(TEMPLATE)) {
      if (in == null) {
        throw new IllegalStateException("This build has no resource " + TEMPLATE);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Resource " + TEMPLATE + " cannot be read", e);
    }
  }
}
