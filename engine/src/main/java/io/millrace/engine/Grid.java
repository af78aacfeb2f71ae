package io.millrace.engine;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Draws a run as a fixed-width table, for the Web UI's current details and for terminals. */
final class Grid {

  private static final int MAX_CHARS = 18_000;
  private static final int MAX_DETAIL = 100;

  private Grid() {}

  /** Markdown: a heading, then the table in a code block, which alone keeps its columns apart. */
  static String markdown(RunReport run) {
    String table = table(run);
    return """
    ### %s  %s
    logical date %s

    ```text
    %s```
    """
        .formatted(
            run.dag(), run.state().name().toLowerCase(Locale.ROOT), run.logicalDate(), table);
  }

  static String table(RunReport run) {
    int width = run.tasks().stream().mapToInt(task -> task.id().length()).max().orElse(4);
    StringBuilder table = new StringBuilder();
    for (TaskReport task : run.tasks()) {
      String line =
          "%s %s  %s %s  %s  %s"
              .formatted(
                  task.state().symbol(),
                  pad(task.id(), width),
                  pad(task.state().words(), 15),
                  pad(task.progress(), 7),
                  pad(duration(task.duration()), 8),
                  shorten(task.detail()))
              .stripTrailing();
      if (table.length() + line.length() > MAX_CHARS) {
        return table.append("… and more\n").toString();
      }
      table.append(line).append('\n');
    }
    return table.toString();
  }

  private static String duration(@Nullable Duration duration) {
    if (duration == null) {
      return "";
    }
    double seconds = duration.toMillis() / 1000.0;
    return seconds < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : "%d m %02d s".formatted(duration.toMinutes(), duration.toSecondsPart());
  }

  private static String shorten(String detail) {
    String line = detail.replace('\n', ' ').replace('`', '\'');
    return line.length() <= MAX_DETAIL ? line : line.substring(0, MAX_DETAIL - 1) + "…";
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
