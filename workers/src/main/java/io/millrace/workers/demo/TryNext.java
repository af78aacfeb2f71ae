package io.millrace.workers.demo;

import io.millrace.core.features.OnlineKey;
import io.millrace.workers.cli.Console;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** What to type after the demo: commands that have an answer, for data that are there. */
final class TryNext {

  private TryNext() {}

  /**
   * The lines, in the order to try them.
   *
   * @param serving where clients find the server for predictions
   * @param known users and products whose features are online; may be empty
   */
  static List<String> lines(Console console, URI serving, List<OnlineKey> known) {
    String ask =
        known.isEmpty()
            ? "curl -s %s/models".formatted(serving)
            : """
            curl -s %s/predict -H 'Content-Type: application/json' \\
                -d '[{"user_id": %d, "product_id": %d}]'\
            """
                .formatted(serving, known.get(0).userId(), known.get(0).productId());
    return List.of(
        millrace(console) + " sql 'select event_type, count(*) from dwh.fact_events group by 1'",
        ask,
        "cat "
            + shown(console, console.dataDirectory().resolve("endpoints.properties"))
            + "   # credentials");
  }

  private static String millrace(Console console) {
    return shown(console, console.home().resolve("scripts/millrace"));
  }

  /** As it is typed from here. */
  private static String shown(Console console, Path path) {
    Path here = console.workingDirectory().toAbsolutePath();
    Path absolute = path.toAbsolutePath();
    return (absolute.startsWith(here) ? here.relativize(absolute) : absolute).toString();
  }
}
