package io.millrace.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Draws a run as a fixed-width table, for the Web UI's current details and for terminals. */
final class Grid {

  private static final int MAX_BYTES = 15_000;
  private static final int MAX_DETAIL = 100;
  private static final int MAX_PARAMS = 800;
  private static final int MAX_GATES = 5;
  private static final int MAX_OPERATIONS = 10;

  /** Which column says what a task did, and how wide it may be. */
  private static final int DETAIL = 1;

  private static final int DETAIL_WIDTH = 34;

  /** With more, only those are listed that run, wait or failed. */
  private static final int MAX_TASKS = 200;

  private Grid() {}

  /** Markdown: a heading, then the table in a code block, which alone keeps its columns apart. */
  static String markdown(RunReport run) {
    return """
    ### %s  %s
    logical date %s%s

    ```text
    %s```
    What a task logged: `millrace runs logs '%s' %s`

    params
    ```json
    %s
    ```
    %s%s\
    """
        .formatted(
            run.dag(),
            run.state().name().toLowerCase(Locale.ROOT),
            run.logicalDate(),
            run.intervalEnd().equals(run.logicalDate()) ? "" : " to " + run.intervalEnd(),
            table(run),
            run.runId(),
            taskToLookAt(run),
            params(run.params()),
            gates(run),
            operations(run));
  }

  /** The first task that failed, or else the one that ran last. */
  private static String taskToLookAt(RunReport run) {
    List<TaskReport> begun = run.tasks().stream().filter(task -> task.startedAt() != null).toList();
    return begun.stream()
        .filter(task -> task.state() == NodeState.FAILED)
        .findFirst()
        .or(() -> begun.stream().reduce((first, later) -> later))
        .map(TaskReport::id)
        .orElse("TASK");
  }

  /** One param a line, if that is not too long. */
  private static String params(String json) {
    String laidOut = Json.laidOut(json);
    return laidOut.length() <= MAX_PARAMS ? laidOut : shorten(json, MAX_PARAMS);
  }

  /** How to answer the gates that wait, ready to paste. */
  private static String gates(RunReport run) {
    return run.tasks().stream()
        .filter(task -> task.state() == NodeState.AWAITING_INPUT)
        .limit(MAX_GATES)
        .map(task -> gate(run, task))
        .collect(Collectors.joining());
  }

  private static String gate(RunReport run, TaskReport task) {
    boolean event = task.detail().startsWith(Event.WAITING);
    String command =
        event
            ? """
            temporal workflow signal --workflow-id '%s' --name event \\
              --input '{"name":"%s","payload":{}}'\
            """
            : """
            temporal workflow update execute --workflow-id '%s' --name answer \\
              --input '{"gate":"%s","option":"...","by":"..."}'\
            """;
    return """

    **%s** is %s: send the %s, or

    ```text
    %s
    ```
    """
        .formatted(
            task.id(),
            task.detail(),
            event ? "signal `event`" : "update `answer`",
            command.formatted(run.runId(), task.id()));
  }

  /** What people did to the run, the latest first. */
  private static String operations(RunReport run) {
    int all = run.operations().size();
    return IntStream.range(0, Math.min(all, MAX_OPERATIONS))
        .mapToObj(i -> run.operations().get(all - 1 - i))
        .map(
            done ->
                "\n- %s **%s** by %s%s"
                    .formatted(
                        done.at(),
                        shorten(done.what(), MAX_DETAIL),
                        done.by(),
                        done.why().isEmpty() ? "" : ": " + shorten(done.why(), MAX_DETAIL)))
        .collect(Collectors.joining());
  }

  /** How many tasks are in which state, of a run with too many to list. */
  private static String counts(RunReport run) {
    Map<NodeState, Long> counts =
        run.tasks().stream()
            .collect(Collectors.groupingBy(TaskReport::state, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(
            entry ->
                "%s %d %s"
                    .formatted(entry.getKey().symbol(), entry.getValue(), entry.getKey().words()))
        .collect(Collectors.joining("   ", "", "\n"));
  }

  /** A task that a reader would look for among many. */
  private static boolean matters(TaskReport task) {
    return switch (task.state()) {
      case QUEUED, RUNNING, RESTARTING, AWAITING_INPUT, FAILED, UPSTREAM_FAILED -> true;
      case NONE -> !task.detail().isEmpty();
      case SUCCESS, SKIPPED -> false;
    };
  }

  static String table(RunReport run) {
    boolean collapsed = run.tasks().size() > MAX_TASKS;
    List<List<String>> rows =
        run.tasks().stream()
            .filter(task -> !collapsed || matters(task))
            .limit(MAX_TASKS)
            .map(Grid::row)
            .toList();
    return (collapsed ? counts(run) : "") + table(rows);
  }

  private static String table(List<List<String>> rows) {
    int[] widths = widths(rows);
    StringBuilder table = new StringBuilder();
    int bytes = 0;
    for (List<String> row : rows) {
      String lines = lines(row, widths);
      bytes += lines.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        return table.append("… and more\n").toString();
      }
      table.append(lines);
    }
    return table.toString();
  }

  private static List<String> row(TaskReport task) {
    return List.of(
        task.state().symbol() + " " + task.id(),
        shorten(task.detail(), MAX_DETAIL),
        task.progress().isEmpty() ? tries(task) : task.progress(),
        duration(task.duration()),
        task.state().words());
  }

  /** As wide as the widest cell; what a task did has as many lines as it needs. */
  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[5];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        int width = row.get(column).length();
        widths[column] =
            Math.max(widths[column], column == DETAIL ? Math.min(width, DETAIL_WIDTH) : width);
      }
    }
    return widths;
  }

  /** The Web UI's column is narrow and cuts what is wider: what a task did is broken instead. */
  private static String lines(List<String> row, int[] widths) {
    List<String> detail = broken(row.get(DETAIL), widths[DETAIL]);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < detail.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        if (widths[column] > 0) {
          String cell = column == DETAIL ? detail.get(i) : i == 0 ? row.get(column) : "";
          line.append(pad(cell, widths[column] + 2));
        }
      }
      lines.append(line.toString().stripTrailing()).append('\n');
    }
    return lines.toString();
  }

  /** Lines of at most so many letters, between words where there are any. */
  private static List<String> broken(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
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

  private static String tries(TaskReport task) {
    return task.tries() == null ? "" : "try " + task.tries();
  }

  private static String shorten(String text, int longest) {
    String line = text.replace('\n', ' ').replace('`', '\'');
    return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
