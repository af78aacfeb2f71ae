package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.Kind;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.engine.RunReport;
import io.millrace.engine.testing.DagTest;
import io.millrace.workers.worker.Activities;
import io.millrace.workers.worker.Pipeline;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.lang.reflect.Type;
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
          + " gives."
    },
    footer = {
      "",
      "Examples:",
      "  millrace dags test data_pipeline",
      "  millrace dags test data_pipeline --result 'list_new_objects=[]'",
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
    try (DagTest test =
        DagTest.of(pipeline.implementation(), Pipeline.CHILDREN.toArray(Class<?>[]::new))) {
      prepare(test);
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

  private void prepare(DagTest test) {
    Map<String, Type> types = Activities.results();
    test.queue(Pipeline.TASK_QUEUE)
        .queue(Pipeline.TRAINING_QUEUE)
        .otherwise(
            args -> sample(types, Activity.getExecutionContext().getInfo().getActivityType()));
    results.forEach(
        (task, text) -> {
          JsonNode value = JsonInput.any(console, "--result " + task, text);
          test.fake(task, args -> value);
        });
    if (skip != null) {
      test.skip(pattern(skip));
    }
  }

  private static @Nullable Object sample(Map<String, Type> types, String activity) {
    Type type = types.get(activity);
    try {
      return type == null ? null : Samples.of(type);
    } catch (IllegalArgumentException e) {
      throw ApplicationFailure.newNonRetryableFailure(
          activity + ": " + e.getMessage() + " with --result", "NoSample");
    }
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
