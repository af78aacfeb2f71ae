package io.millrace.workers.cli;

import io.millrace.stack.StackConfig;
import io.millrace.stack.install.Venvs;
import io.millrace.stack.process.Executables;
import io.millrace.workers.config.Settings;
import io.millrace.workers.config.TemporalConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The Temporal CLI, on the server that the settings name. */
@Command(
    name = "temporal",
    mixinStandardHelpOptions = true,
    header = "Call the Temporal CLI on the server that the settings name.",
    description = {
      "",
      "All that follows is the Temporal CLI's: `millrace temporal workflow list --help`. It is the"
          + " one on the PATH, or the one that `millrace up` installed. Address and namespace are"
          + " those of the settings; the TEMPORAL_… variables for TLS, API key and profile mean the"
          + " same to both."
    },
    footer = {
      "",
      "Examples:",
      "  millrace temporal workflow list --limit 3",
      "  millrace temporal workflow start --type data_pipeline --task-queue millrace",
      "",
      "Exit codes: those of the Temporal CLI; 2 if there is none."
    })
final class TemporalCommand implements Callable<Integer> {
  private final Console console;
  private final Runner runner;

  @Parameters(paramLabel = "WORDS", arity = "0..*", description = "What the Temporal CLI is given.")
  private List<String> words = new ArrayList<>();

  /** Runs a program on this terminal and returns its exit code. */
  @FunctionalInterface
  interface Runner {
    int run(List<String> command, Map<String, String> environment)
        throws IOException, InterruptedException;
  }

  TemporalCommand(Console console, Runner runner) {
    this.console = console;
    this.runner = runner;
  }

  static CommandLine commandLine(Console console) {
    return commandLine(console, TemporalCommand::onThisTerminal);
  }

  /** Its options belong to the Temporal CLI from the first word on. */
  static CommandLine commandLine(Console console, Runner runner) {
    return new CommandLine(new TemporalCommand(console, runner)).setStopAtPositional(true);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (words.isEmpty()) {
      throw CommandFailure.usage(
          "say what the Temporal CLI is to do, for example: millrace temporal workflow list");
    }
    Settings settings = Millrace.settings(console);
    TemporalConfig config = TemporalConfig.from(settings);
    List<String> command = new ArrayList<>();
    command.add(program(settings).toString());
    command.addAll(words);
    Map<String, String> environment = new HashMap<>(console.environment());
    environment.put("TEMPORAL_ADDRESS", config.target());
    environment.put("TEMPORAL_NAMESPACE", config.namespace());
    if (!environment.containsKey("TEMPORAL_PROFILE")) {
      // As our settings do: a temporal.toml that was not chosen is not read.
      environment.putIfAbsent("TEMPORAL_CONFIG_FILE", "/dev/null");
    }
    console.out().flush();
    return runner.run(command, environment);
  }

  private Path program(Settings settings) {
    Map<String, String> environment = new HashMap<>(console.environment());
    environment.put("MILLRACE_HOME", console.home().toString());
    return Executables.onPath("temporal")
        .orElseGet(
            () -> new Venvs(StackConfig.of(settings.local(), environment).cache()).temporal());
  }

  private static int onThisTerminal(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder process = new ProcessBuilder(command).inheritIO();
    process.environment().clear();
    process.environment().putAll(environment);
    return process.start().waitFor();
  }
}
