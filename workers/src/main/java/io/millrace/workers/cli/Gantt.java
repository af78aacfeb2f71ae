package io.millrace.workers.cli;

import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** When each task of a run ran, as bars in a terminal. */
final class Gantt {
  private static final int MAX_NAME = 32;
  private static final int TIME = 10;
  private static final int NARROWEST = 10;

  private final Instant from;
  private final long millis;
  private final int nameWidth;
  private final int barWidth;
  private final Instant now;

  private Gantt(RunReport report, Instant now, int columns) {
    this.now = now;
    List<TaskReport> started =
        report.tasks().stream().filter(task -> task.startedAt() != null).toList();
    from = started.stream().map(Gantt::start).min(Comparator.naturalOrder()).orElse(now);
    Instant to = started.stream().map(this::end).max(Comparator.naturalOrder()).orElse(now);
    millis = Math.max(1, Duration.between(from, to).toMillis());
    int longest = report.tasks().stream().mapToInt(task -> task.id().length()).max().orElse(0);
    nameWidth = Math.min(longest, MAX_NAME);
    barWidth = Math.max(NARROWEST, columns - 1 - nameWidth - TIME - 7);
  }

  /**
   * Draws a run: a line for each task, then one with the scale.
   *
   * @param now where the bar of a running task ends
   * @param columns the width of the terminal; a name is cut rather than a line broken
   */
  static List<String> lines(RunReport report, Instant now, int columns) {
    Gantt gantt = new Gantt(report, now, columns);
    List<String> lines = new ArrayList<>();
    report.tasks().forEach(task -> lines.add(gantt.line(task)));
    lines.add(gantt.scale());
    return lines;
  }

  private String line(TaskReport task) {
    String name = task.id();
    if (name.length() > nameWidth) {
      name = name.substring(0, nameWidth - 1) + "~";
    }
    String bar = task.startedAt() == null ? "" : bar(task);
    String time =
        task.startedAt() == null ? "" : RunTree.seconds(Duration.between(start(task), end(task)));
    return String.format(
            "  %s %-" + Math.max(1, nameWidth) + "s |%-" + barWidth + "s|%" + TIME + "s",
            RunTree.mark(task.state()),
            name,
            bar,
            time)
        .stripTrailing();
  }

  private String bar(TaskReport task) {
    int begin = column(start(task));
    int end = Math.max(begin + 1, column(end(task)));
    begin = Math.min(begin, barWidth - 1);
    return " ".repeat(begin) + fill(task.state()).repeat(Math.min(end, barWidth) - begin);
  }

  private int column(Instant time) {
    return (int) Math.round((double) Duration.between(from, time).toMillis() * barWidth / millis);
  }

  private static String fill(NodeState state) {
    return state == NodeState.SUCCESS ? "=" : RunTree.mark(state);
  }

  private String scale() {
    String total = String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    return " ".repeat(nameWidth + 5) + "0" + " ".repeat(barWidth - total.length() + 1) + total;
  }

  private static Instant start(TaskReport task) {
    return Objects.requireNonNull(task.startedAt());
  }

  /** A task that has not ended goes on until now. */
  private Instant end(TaskReport task) {
    Duration duration = task.duration();
    Instant end = duration == null ? now : start(task).plus(duration);
    return end.isBefore(start(task)) ? start(task) : end;
  }
}
