package io.millrace.workers.cli;

import io.millrace.engine.DagDescription;
import io.millrace.engine.DagDescription.TaskDescription;
import io.millrace.engine.DagRuns.Listed;
import io.millrace.engine.TaskReport;
import io.millrace.engine.asset.AssetReport;
import io.millrace.workers.worker.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

/**
 * Prints the names that can stand where the cursor is: DAGs, runs, tasks, pools, assets, schedules.
 * The completion script calls it where it has no words of its own. It never fails: a server that
 * does not answer has no names.
 */
@Command(
    name = "complete",
    hidden = true,
    mixinStandardHelpOptions = true,
    header = "Print the names that complete a command line, for the completion script.")
final class CompleteCommand implements Callable<Integer> {
  private static final int MAX_RUNS = 50;

  private final Console console;

  @Parameters(
      paramLabel = "WORDS",
      arity = "0..*",
      description = "The command line without `millrace`; the last word is the one to complete.")
  private List<String> words = new ArrayList<>();

  CompleteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (words.isEmpty()) {
      return ExitCode.OK;
    }
    String begun = words.get(words.size() - 1);
    try {
      names().filter(name -> name.startsWith(begun)).distinct().forEach(console.out()::println);
    } catch (RuntimeException e) {
      return ExitCode.OK; // a completion that prints errors would spoil the line
    }
    return ExitCode.OK;
  }

  private Stream<String> names() {
    CommandLine command = Millrace.commandLine(console);
    int at = 0;
    for (CommandLine below = subcommand(command, at);
        below != null;
        below = subcommand(command, at)) {
      command = below;
      at++;
    }
    List<String> positional = new ArrayList<>();
    @Nullable OptionSpec open = null;
    for (; at < words.size() - 1; at++) {
      String word = words.get(at);
      if (open != null) {
        open = null;
      } else if (word.startsWith("-")) {
        OptionSpec option = command.getCommandSpec().findOption(word);
        open = option != null && option.arity().max() > 0 ? option : null;
      } else {
        positional.add(word);
      }
    }
    if (open != null) {
      return names(open, positional, command);
    }
    for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
      if (parameter.index().contains(positional.size())) {
        return names(parameter, positional, command);
      }
    }
    return Stream.empty();
  }

  /** The subcommand that a word before the last one names, if it names one. */
  private @Nullable CommandLine subcommand(CommandLine command, int at) {
    return at < words.size() - 1 ? command.getSubcommands().get(words.get(at)) : null;
  }

  /** By what an argument is called in the help. */
  private Stream<String> names(ArgSpec arg, List<String> before, CommandLine command) {
    String group = command.getParent() == null ? "" : command.getParent().getCommandName();
    return switch (arg.paramLabel()) {
      case "DAG" -> Names.dags().stream();
      case "NAME" ->
          arg instanceof OptionSpec option
              ? option.longestName().equals("--dag") ? Names.dags().stream() : Stream.empty()
              : group.equals("dags") || group.equals("schedules")
                  ? Names.dags().stream()
                  : Stream.empty();
      case "RUN" -> listed(new RunQuery().ofDags().text());
      case "ID" -> listed(BackfillList.QUERY);
      case "TASK" -> before.isEmpty() ? Stream.empty() : tasks(before.get(0));
      case "POOL" -> asked(temporal -> temporal.pools().list().pools().stream().map(p -> p.name()));
      case "ASSET" -> asked(temporal -> temporal.assets().list().stream().map(AssetReport::asset));
      default -> Stream.empty();
    };
  }

  private Stream<String> listed(String query) {
    return asked(temporal -> temporal.runs().list(query, MAX_RUNS).stream().map(Listed::runId));
  }

  /** Of a DAG or of a run, by its name. */
  private Stream<String> tasks(String name) {
    return Pipeline.named(name)
        .map(
            dag ->
                DagDescription.of(dag.implementation()).tasks().stream().map(TaskDescription::id))
        .orElseGet(
            () ->
                asked(
                    temporal ->
                        new RunReports(temporal.runs())
                            .of(name).tasks().stream().map(TaskReport::id)));
  }

  private Stream<String> asked(
      java.util.function.Function<TemporalConnection, Stream<String>> ask) {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      return ask.apply(temporal).toList().stream();
    }
  }
}
