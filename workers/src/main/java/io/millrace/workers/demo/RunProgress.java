package io.millrace.workers.demo;

import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import java.util.stream.Collectors;

/** A run in a few words. */
final class RunProgress {

  private RunProgress() {}

  static String of(RunReport report) {
    long done = report.tasks().stream().filter(task -> task.state().isTerminal()).count();
    String running =
        report.tasks().stream()
            .filter(task -> task.state() == NodeState.RUNNING)
            .map(RunProgress::words)
            .collect(Collectors.joining(", "));
    return done
        + " of "
        + report.tasks().size()
        + " tasks done"
        + (running.isEmpty() ? "" : "; " + running);
  }

  /** What failed, task by task. */
  static String failures(RunReport report) {
    return report.tasks().stream()
        .filter(task -> task.state() == NodeState.FAILED)
        .map(task -> task.id() + ": " + task.detail())
        .collect(Collectors.joining("; "));
  }

  private static String words(TaskReport task) {
    return task.progress().isEmpty() ? task.id() : task.id() + " " + task.progress();
  }
}
