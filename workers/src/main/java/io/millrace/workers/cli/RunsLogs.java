package io.millrace.workers.cli;

import io.millrace.activities.payload.S3BlobStore;
import io.millrace.engine.DagRuns;
import io.millrace.engine.TaskReport;
import io.millrace.engine.logs.TaskLogs;
import io.millrace.engine.logs.TaskLogs.Stored;
import io.millrace.workers.config.LogsConfig;
import io.millrace.workers.config.S3Config;
import io.millrace.workers.config.Settings;
import io.millrace.workers.payload.PayloadAccess;
import io.temporal.client.WorkflowNotFoundException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the tasks of a run logged. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    header = "Print what the tasks of a run logged, try by try.",
    description = {
      "",
      "A worker stores the log of a try when the try has ended, and every few seconds"
          + " (logs.flush-every) while it runs. A try that logged nothing and did not fail has"
          + " none."
    },
    footer = {
      "",
      "Examples:",
      "  millrace runs logs ID                        all tries of all tasks",
      "  millrace runs logs ID load --map-index 3     one item of a mapped task",
      "  millrace runs logs ID load --try 2           its second try, over all clears",
      "  millrace runs logs ID --follow               until the run has ended"
    })
final class RunsLogs implements Callable<Integer> {
  private static final long POLL_MILLIS = 1_000;
  private static final int MAX_END = 500;
  private static final String ENDED = "";

  private final Console console;

  @Parameters(index = "0", paramLabel = "RUN", description = "The run's workflow id.")
  private String id = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TASK",
      description = "This task alone. Default: all.")
  private @Nullable String task;

  @Option(
      names = "--map-index",
      paramLabel = "I",
      description = "This item alone: its name in the timeline, load[NAME], or its number.")
  private @Nullable String item;

  @Option(names = "--try", paramLabel = "N", description = "This try alone, from 1.")
  private int number;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what is added, until the run has ended.")
  private boolean follow;

  @Option(
      names = "--dag",
      paramLabel = "NAME",
      description = "The run's DAG, if the server has forgotten the run.")
  private @Nullable String dag;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /** How each log ended when it was last printed, by its key. */
  private final Map<String, String> ends = new HashMap<>();

  RunsLogs(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (json && follow) {
      throw CommandFailure.usage("--json prints what there is now; leave --follow out");
    }
    Settings settings = Millrace.settings(console);
    try (S3BlobStore store =
        PayloadAccess.s3(S3Config.from(settings), LogsConfig.from(settings).bucket())) {
      TaskLogs logs = new TaskLogs(store);
      if (dag != null) {
        requireStored(logs, dag);
        print(logs, dag);
        return ExitCode.OK;
      }
      try (TemporalConnection temporal = TemporalConnection.open(settings)) {
        print(logs, temporal);
      }
    }
    return ExitCode.OK;
  }

  private void print(TaskLogs logs, TemporalConnection temporal) throws InterruptedException {
    DagRuns runs = temporal.runs();
    try {
      String type = temporal.client().newUntypedWorkflowStub(id).describe().getWorkflowType();
      requireTask(logs, runs, type);
      boolean goesOn = follow && runs.status(id).equals("RUNNING");
      while (goesOn) {
        print(logs, type);
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        goesOn = runs.status(id).equals("RUNNING");
      }
      if (follow) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS); // the last logs are stored just after the end
      }
      print(logs, type);
    } catch (WorkflowNotFoundException e) {
      throw CommandFailure.usage(
          temporal.noSuchRun(id, e).getMessage()
              + "; if it is so old that the server has forgotten it, say --dag");
    }
  }

  /** A task without logs is asked for at the run itself, so that a wrong name is not a success. */
  private void requireTask(TaskLogs logs, DagRuns runs, String type) {
    if (task == null || !logs.tries(type, id, task).isEmpty()) {
      return;
    }
    List<String> tasks = new RunReports(runs).of(id).tasks().stream().map(TaskReport::id).toList();
    if (!tasks.contains(task)) {
      throw Names.unknown("task", task, tasks);
    }
  }

  /** Of a run that the server has forgotten only the stored logs know the tasks. */
  private void requireStored(TaskLogs logs, String type) {
    List<String> tasks =
        logs.tries(type, id, null).stream().map(log -> log.tried().task()).distinct().toList();
    if (tasks.isEmpty()) {
      throw CommandFailure.usage(
          "nothing is stored of a run '%s' of a DAG '%s'".formatted(id, type));
    }
    if (task != null && !tasks.contains(task)) {
      throw Names.unknown("task", task, tasks);
    }
  }

  private void print(TaskLogs logs, String type) {
    List<Stored> tries =
        logs.tries(type, id, task).stream()
            .filter(log -> item == null || item.equals(log.tried().item()))
            .filter(log -> number == 0 || number == log.number())
            .toList();
    if (json) {
      Json.print(console, tries.stream().map(log -> row(log, logs.read(log))).toList());
      return;
    }
    if (tries.isEmpty() && !follow) {
      console.err().println("nothing is stored of " + what());
    }
    tries.forEach(log -> print(log, logs));
    console.out().flush();
  }

  /** Prints what was not printed yet: what comes after the end of what was. */
  private void print(Stored log, TaskLogs logs) {
    String before = ends.get(log.key());
    if (ENDED.equals(before)) {
      return;
    }
    TaskLogs.Content content = logs.read(log);
    String text = content.text();
    int at = before == null ? -1 : text.lastIndexOf(before);
    console.out().print(before == null || at < 0 ? text : text.substring(at + before.length()));
    ends.put(
        log.key(), content.ended() ? ENDED : text.substring(Math.max(0, text.length() - MAX_END)));
  }

  private String what() {
    return "run %s%s%s%s; a try that logged nothing and did not fail has no log"
        .formatted(
            id,
            task == null ? "" : ", task " + task,
            item == null ? "" : ", item " + item,
            number == 0 ? "" : ", try " + number);
  }

  private static Map<String, Object> row(Stored log, TaskLogs.Content content) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("dag", log.tried().dag());
    row.put("run_id", log.tried().run());
    row.put("task", log.tried().task());
    row.put("map_index", log.tried().item());
    row.put("try", log.number());
    row.put("attempt", log.tried().attempt());
    row.put("scheduled_at", log.tried().scheduledAt());
    row.put("ended", content.ended());
    row.put("key", log.key());
    row.put("lines", new ArrayList<>(content.text().lines().toList()));
    return row;
  }
}
