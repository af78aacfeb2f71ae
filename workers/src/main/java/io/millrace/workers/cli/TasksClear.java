package io.millrace.workers.cli;

import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.engine.DagRunOps.Clear;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagRuns.Listed;
import io.millrace.engine.RunReport.RunState;
import io.millrace.workers.worker.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does tasks of every run in a range of dates again. */
@Command(
    name = "clear",
    mixinStandardHelpOptions = true,
    header = "Do tasks again in every run of a DAG in a range of dates.",
    description = {
      "",
      "As Airflow's `tasks clear`. Of each date the run that started last is taken. In a run that"
          + " goes on the tasks are cleared; a run that has ended is done again in a new run, which"
          + " takes over what succeeded. Without a task: what failed, in runs that failed. The plan"
          + " is shown and confirmed first."
    },
    footer = {
      "",
      "Examples:",
      "  millrace tasks clear data_pipeline --from-date 2026-03-01 --to-date 2026-03-07 --dry-run",
      "  millrace tasks clear data_pipeline transform_data --from-date 2026-03-01 \\",
      "    --to-date 2026-03-07 --yes --why 'a wrong rate'",
      "",
      "Exit codes: 0 all were cleared, 1 one was refused, 2 wrong usage or not confirmed,",
      "3 the server does not answer."
    })
final class TasksClear implements Callable<Integer> {
  private static final int MAX_RUNS = 10_000;

  private final Console console;
  private final Supplier<String> answer;

  @Parameters(index = "0", paramLabel = "DAG", description = "The DAG; see `millrace dags list`.")
  private String name = "";

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "TASK", description = "Task ids.")
  private List<String> tasks = new ArrayList<>();

  @Option(names = "--from-date", paramLabel = "TIME", required = true, description = "The first.")
  private String from = "";

  @Option(names = "--to-date", paramLabel = "TIME", required = true, description = "The last.")
  private String to = "";

  @Option(names = "--dry-run", description = "Only print what would be done.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do it without asking.")
  private boolean yes;

  @Option(names = "--by", paramLabel = "NAME", description = "Who does it. Default: you.")
  private @Nullable String by;

  @Option(names = "--why", paramLabel = "TEXT", description = "What for; kept in the runs.")
  private @Nullable String why;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  TasksClear(Console console) {
    this(console, TasksClear::typed);
  }

  /** With something else that answers than the keyboard. */
  TasksClear(Console console, Supplier<String> answer) {
    this.console = console;
    this.answer = answer;
  }

  /** What is done with a run. */
  enum Action {
    /** Its tasks are cleared: it goes on. */
    CLEAR,
    /** It is done again in a new run: it has ended. */
    RERUN
  }

  /**
   * A run of the plan.
   *
   * @param result once it is done: the tasks that were cleared, the new run, or the refusal
   */
  record Planned(
      @Nullable Instant date, String runId, RunState state, Action action, String result) {

    static Planned of(Listed run) {
      boolean open = run.endedAt() == null;
      return new Planned(
          run.logicalDate(), run.runId(), run.state(), open ? Action.CLEAR : Action.RERUN, "");
    }

    Planned with(String done) {
      return new Planned(date, runId, state, action, done);
    }
  }

  @Override
  public Integer call() {
    Pipeline pipeline = Names.dag(name);
    requireTasks(pipeline);
    ZoneId zone = pipeline.schedule().timetable().zone();
    Instant first = TimeInput.from("--from-date", from, zone);
    Instant last = TimeInput.to("--to-date", to, zone);
    if (last.isBefore(first)) {
      throw CommandFailure.usage("--to-date %s is before --from-date %s".formatted(to, from));
    }
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      List<Planned> plan = plan(temporal.runs(), first, last);
      if (plan.isEmpty()) {
        console.err().println("no run of these dates has " + what() + " to do again");
        print(plan);
        return ExitCode.OK;
      }
      if (!dryRun && !yes) {
        confirm(plan);
      }
      List<Planned> done = dryRun ? plan : carryOut(temporal, plan);
      print(done);
      return done.stream().anyMatch(run -> run.result().startsWith(REFUSED))
          ? ExitCode.FAILED
          : ExitCode.OK;
    }
  }

  private static final String REFUSED = "refused: ";

  private String what() {
    return tasks.isEmpty() ? "a failed task" : String.join(", ", tasks);
  }

  private void requireTasks(Pipeline pipeline) {
    List<String> known =
        DagDescription.of(pipeline.implementation()).tasks().stream()
            .map(TaskDescription::id)
            .toList();
    for (String task : tasks) {
      if (!known.contains(task.replaceFirst("\\[.*", ""))) {
        throw Names.unknown("task", task, known);
      }
    }
  }

  private List<Planned> plan(DagRuns runs, Instant first, Instant last) {
    String query =
        new RunQuery().dag(name).ofDags().text()
            + " AND LogicalDate >= '%s' AND LogicalDate < '%s'"
                .formatted(first, last.plusSeconds(1));
    Map<Object, Listed> latest = new LinkedHashMap<>();
    // The run that started last comes first.
    runs.list(query, MAX_RUNS)
        .forEach(
            run -> latest.putIfAbsent(run.logicalDate() == null ? run : run.logicalDate(), run));
    List<Planned> plan = new ArrayList<>();
    for (Listed run : latest.values()) {
      boolean failed = run.state() == RunState.FAILED || run.state() == RunState.HELD;
      if (failed || !tasks.isEmpty()) {
        plan.add(0, Planned.of(run));
      }
    }
    return plan;
  }

  private void confirm(List<Planned> plan) {
    if (json || !console.interactive()) {
      throw CommandFailure.usage(
          "%d runs would be done again; look with --dry-run, confirm with --yes"
              .formatted(plan.size()));
    }
    print(plan);
    console.err().print("Do %s again in %d runs? [y/N] ".formatted(what(), plan.size()));
    console.err().flush();
    if (!answer.get().strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes")) {
      throw CommandFailure.usage("nothing was done");
    }
  }

  private List<Planned> carryOut(TemporalConnection temporal, List<Planned> plan) {
    List<Planned> done = new ArrayList<>();
    for (Planned run : plan) {
      try {
        done.add(run.with(carryOut(temporal.runs(), run)));
      } catch (DagRuns.Refused e) {
        done.add(run.with(REFUSED + e.getMessage()));
      }
    }
    return done;
  }

  private String carryOut(DagRuns runs, Planned run) {
    String user = RunOperation.user(by);
    if (run.action() == Action.RERUN) {
      return "started " + runs.rerun(run.runId(), null, tasks, user, why);
    }
    Clear request = new Clear(tasks, false, true, false, null, user, why);
    return "cleared " + String.join(", ", runs.clear(run.runId(), request));
  }

  private void print(List<Planned> plan) {
    if (json) {
      Json.print(console, plan);
      return;
    }
    Table table = new Table("date", "run", "state", dryRun ? "would" : "action", "result");
    plan.forEach(
        run ->
            table.row(
                Words.of(run.date()),
                run.runId(),
                Words.of(run.state()),
                Words.of(run.action()),
                run.result()));
    table.print(console.out());
  }

  private static String typed() {
    try {
      // Not closed: the input belongs to the process.
      String line =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException("the answer cannot be read", e);
    }
  }
}
