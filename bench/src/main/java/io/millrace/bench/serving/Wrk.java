package io.millrace.bench.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk (Debian), for what a server gives at most. */
final class Wrk {
  private static final int CONNECTIONS = 32;
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

  private Wrk() {}

  /** Posts one body again and again over 32 connections. */
  static double requestsPerSecond(URI url, String body, Duration duration)
      throws IOException, InterruptedException {
    Path script = Files.createTempFile("wrk", ".lua");
    Files.writeString(
        script,
        "wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\nwrk.body = [[%s]]\n"
            .formatted(body));
    Process wrk =
        new ProcessBuilder(
                List.of(
                    "wrk",
                    "-t1",
                    "-c" + CONNECTIONS,
                    "-d" + duration.toSeconds() + "s",
                    "-s",
                    script.toString(),
                    url.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(wrk.getInputStream().readAllBytes(), UTF_8);
    Matcher rate = RATE.matcher(output);
    Files.delete(script);
    if (wrk.waitFor() != 0 || !rate.find()) {
      throw new IllegalStateException("wrk measured nothing: " + output);
    }
    return Double.parseDouble(rate.group(1));
  }
}
