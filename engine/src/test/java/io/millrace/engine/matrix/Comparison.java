package io.millrace.engine.matrix;

import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.matrix.Executions.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What differs between a run as it is and its model. */
record Comparison(ReferenceRun model, RunReport report, Snapshot done) {

  private static final Set<String> KNOWN =
      Arrays.stream(NodeState.values()).map(Enum::name).collect(Collectors.toSet());

  /** Each difference in a line; empty if there is none. */
  String difference() {
    List<String> lines = new ArrayList<>();
    if (!report.state().name().equals(model.state())) {
      lines.add("the run: expected %s, is %s".formatted(model.state(), report.state()));
    }
    for (TaskReport task : report.tasks()) {
      TaskModel expected = model.task(task.id());
      if (!allowed(expected).contains(task.state().name())) {
        lines.add(
            "%s: expected %s, is %s%s"
                .formatted(
                    task.id(),
                    expected,
                    task.state(),
                    task.detail().isEmpty() ? "" : " (" + task.detail() + ")"));
      }
    }
    report.tasks().forEach(task -> progress(task, lines));
    executions(lines);
    return String.join("\n", lines);
  }

  /**
   * How many items the run knows to have ended. The next step must not come before it knows: the
   * server in memory refuses to cancel an activity that has just ended.
   */
  private void progress(TaskReport task, List<String> lines) {
    TaskModel expected = model.task(task.id());
    if (expected.state != State.RUNNING || expected.items == null || expected.isChunked()) {
      return;
    }
    String progress = "%d/%d".formatted(expected.itemsEnded(), expected.items().size());
    if (!progress.equals(task.progress())) {
      lines.add(
          "%s: expected that %s have ended, but %s have"
              .formatted(task.id(), progress, task.progress()));
    }
  }

  private void executions(List<String> lines) {
    if (!model.executing().equals(new TreeSet<>(done.live()))) {
      lines.add("executing: expected %s, is %s".formatted(model.executing(), done.live()));
    }
    if (!model.executions.equals(done.counts())) {
      Map<String, String> different = new TreeMap<>();
      Set<String> keys = new TreeSet<>(model.executions.keySet());
      keys.addAll(done.counts().keySet());
      for (String key : keys) {
        int expected = model.executions.getOrDefault(key, 0);
        int actual = done.counts().getOrDefault(key, 0);
        if (expected != actual) {
          different.put(key, "%d instead of %d".formatted(actual, expected));
        }
      }
      lines.add("executions: " + shorten(different.toString()));
      return;
    }
    for (TaskModel task : model.tasks.values()) {
      String inputs = done.inputs().get(task.spec.key(task.spec.kind().isMap() ? 0 : -1));
      boolean takes = task.worked && task.spec.kind() != Kind.SENSOR;
      if (inputs != null && takes && !PastRun.same(task.inputs, inputs)) {
        lines.add(
            "%s was given %s, expected %s"
                .formatted(task.id(), shorten(inputs), shorten(task.inputs)));
      }
    }
  }

  /** A map whose items all wait for slots may say either; so may an engine without the state. */
  private static Set<String> allowed(TaskModel task) {
    boolean unsure = task.spec.kind().isMap() || !KNOWN.contains(State.QUEUED.name());
    return unsure && (task.state == State.QUEUED || task.state == State.RUNNING)
        ? Set.of("QUEUED", "RUNNING")
        : Set.of(task.state.name());
  }

  private static String shorten(String text) {
    return text.length() < 500 ? text : text.substring(0, 500) + "...";
  }

  /** Changes when anything does. */
  static String fingerprint(RunReport report, Snapshot done) {
    return report.tasks().stream()
            .map(task -> task.state() + task.progress())
            .collect(Collectors.joining(","))
        + report.state()
        + done.changes();
  }
}
