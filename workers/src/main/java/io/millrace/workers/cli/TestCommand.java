package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.Kind;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.engine.RunReport;
import io.millrace.engine.testing.DagTest;
import io.millrace.workers.worker.Pipeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a DAG in this process. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    header = "Run a DAG in this process: no server, no data, time is skipped.",
    description = {
      "",
      "The graph, its rules, params and retries are real. In place of each activity stands a plain"
          + " value of its type (numbers 1, flags true, one record in a list), or what --result"
          + " gives. With --real the activities do their work, in this process and on the"
          + " connections of the settings; no run is recorded, and pools are not asked."
    },
    footer = {
      "",
      "Examples:",
      "  millrace dags test data_pipeline",
      "  millrace dags test data_pipeline --result 'list_new_objects=[]'",
      "  millrace dags test data_pipeline --real",
      "",
      "Exit codes: 0 the run succeeded, 1 it failed, 2 wrong usage."
    })
final class TestCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The DAG; see `millrace dags list`.")
  private String name = "";

  @Option(names = "--params", paramLabel = "JSON|@FILE", description = "Its params.")
  private @Nullable String params;

  @Option(
      names = "--result",
      paramLabel = "TASK=JSON",
      description = "What a task returns; of a mapped task, what each item returns.")
  private Map<String, String> results = new LinkedHashMap<>();

  @Option(
      names = "--answer",
      paramLabel = "GATE=OPTION",
      description = "What a gate is answered; one without timeout needs it.")
  private Map<String, String> answers = new LinkedHashMap<>();

  @Option(
      names = "--skip",
      paramLabel = "REGEX",
      description = "Tasks that succeed at once, with no result.")
  private @Nullable String skip;

  @Option(
      names = "--real",
      description =
          "Let every activity do its real work, on the connections of the settings: data change.")
  private boolean real;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  TestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Pipeline pipeline = Names.dag(name);
    ObjectNode input = params == null ? null : JsonInput.object(console, "--params", params);
    ParamsInput.require(pipeline, input);
    List<TaskDescription> tasks = DagDescription.of(pipeline.implementation()).tasks();
    results.keySet().forEach(task -> require("--result", task, tasks));
    answers
        .keySet()
        .forEach(
            gate ->
                require(
                    "--answer", gate, tasks.stream().filter(t -> t.kind() == Kind.GATE).toList()));
    RunReport report;
    try (RealWork work = real ? RealWork.connect(console) : RealWork.NONE;
        DagTest test = LocalRun.of(console, pipeline, results)) {
      if (real) {
        test.real(work.activities());
      }
      if (skip != null) {
        test.skip(pattern(skip));
      }
      test.start(input);
      answers.forEach(test::answer);
      report = test.await();
    } catch (AssertionError e) {
      throw CommandFailure.failed(String.valueOf(e.getMessage()));
    }
    if (json) {
      Json.print(console, report);
    } else {
      RunTree.lines(report).forEach(console.out()::println);
    }
    return report.state() == RunReport.RunState.SUCCESS ? ExitCode.OK : ExitCode.FAILED;
  }

  private static String pattern(String text) {
    try {
      return Pattern.compile(text).pattern();
    } catch (PatternSyntaxException e) {
      throw CommandFailure.usage("--skip is not a regular expression: " + e.getDescription());
    }
  }

  private static void require(String option, String id, List<TaskDescription> tasks) {
    if (tasks.stream().noneMatch(task -> task.id().equals(id))) {
      throw Names.unknown(
          option.equals("--answer") ? "gate" : "task",
          id,
          tasks.stream().map(TaskDescription::id).toList());
    }
  }
}
