package io.millrace.workers.cli;

import io.millrace.stack.ProgressListener.Phase;
import io.millrace.workers.local.Downloads;
import io.millrace.workers.local.LocalMillrace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows how the servers come up: one line each, redrawn, for a person; a plain line for each event
 * for a log. The reason of a failure is left to the end of the command, which says it once.
 */
final class UpDisplay implements LocalMillrace.Listener {
  private final Console console;
  private final Map<String, String> lines = new LinkedHashMap<>();
  private final LiveLines screen;

  UpDisplay(Console console) {
    this.console = console;
    screen = new LiveLines(console);
  }

  @Override
  public synchronized void at(String name, Phase phase, Duration elapsed, String detail) {
    String line =
        String.format(
            Locale.ROOT,
            "  %-10s %-11s %5.1f s%s",
            name,
            words(phase),
            elapsed.toMillis() / 1e3,
            said(name, phase, detail));
    if (!console.interactive()) {
      console.err().println(line.stripLeading());
      return;
    }
    lines.put(name, line);
    screen.draw(List.copyOf(lines.values()));
  }

  /** Removes the lines, to make room for the table. */
  void erase() {
    screen.erase();
  }

  private static String said(String name, Phase phase, String detail) {
    return switch (phase) {
      case INSTALLING -> "  " + Downloads.installing(name);
      case FAILED -> "";
      case STARTING, HEALTHY -> detail.isEmpty() ? "" : "  " + firstLine(detail);
    };
  }

  private static String words(Phase phase) {
    return switch (phase) {
      case INSTALLING -> "installing";
      case STARTING -> "starting";
      case HEALTHY -> "ready";
      case FAILED -> "FAILED";
    };
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
