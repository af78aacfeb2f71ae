package io.millrace.workers.cli;

import io.millrace.engine.NodeState;
import io.millrace.engine.Operation;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A run as lines of text: its state, then a line for each task. */
final class RunTree {

  private RunTree() {}

  static List<String> lines(RunReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(title(report));
    int width = report.tasks().stream().mapToInt(task -> task.id().length()).max().orElse(0);
    for (TaskReport task : report.tasks()) {
      lines.add(
          String.format(
                  "  %s %-" + Math.max(1, width) + "s %9s %9s  %s",
                  mark(task.state()),
                  task.id(),
                  task.progress(),
                  seconds(task.duration()),
                  task.detail())
              .stripTrailing());
    }
    for (Operation done : report.operations()) {
      lines.add(
          "  %s  %s by %s%s"
              .formatted(
                  done.at().truncatedTo(ChronoUnit.SECONDS),
                  done.what(),
                  done.by(),
                  done.why().isEmpty() ? "" : ": " + done.why()));
    }
    return lines;
  }

  static String title(RunReport report) {
    return report.runId() + "  " + report.state().name().toLowerCase(Locale.ROOT);
  }

  static String seconds(@Nullable Duration duration) {
    return duration == null ? "" : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }

  static String mark(NodeState state) {
    if (state == NodeState.SUCCESS) {
      return "+";
    }
    if (state == NodeState.SKIPPED) {
      return "-";
    }
    if (state.isTerminal()) {
      return "x";
    }
    if (state == NodeState.AWAITING_INPUT) {
      return "?";
    }
    return state == NodeState.RUNNING ? ">" : ".";
  }
}
