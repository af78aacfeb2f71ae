package io.millrace.workers.cli;

import io.millrace.workers.config.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code millrace} command: everything that can be done with Millrace from a terminal. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = {"Millrace: pipelines on Temporal, from raw events to a registered model.", ""},
    description = {
      "",
      "The servers run on this machine as processes of their own and keep their data in"
          + " .millrace/. Runs can also be started and watched in the Temporal Web UI and with the"
          + " Temporal CLI; these commands do the same and wait for the end.",
      ""
    },
    footerHeading = "%n",
    footer = {
      "A first tour:",
      "  millrace up                                     start the servers and a worker",
      "  millrace produce --generate 10000               send events to Kafka",
      "  millrace dags trigger data_pipeline --wait      load them into tables",
      "  millrace dags trigger training_pipeline --wait  train and register a model",
      "  millrace runs list                              what has run, and how it ended",
      "  millrace down                                   stop everything, keep the data",
      "",
      "When something is wrong:",
      "  millrace runs list --state failed --since 24h   which runs",
      "  millrace runs show RUN --gantt                  which task, and when",
      "  millrace runs rerun RUN --wait                  what failed, again",
      "  millrace runs list --awaiting-input             which gates wait for an answer",
      "",
      "With no server: millrace dags show NAME, millrace dags test NAME",
      "",
      "Settings come from .millrace/endpoints.properties (written by `up`), from",
      "millrace.properties in this folder and from the environment, the later before",
      "the earlier; `millrace config` shows them. TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,",
      "TEMPORAL_API_KEY, TEMPORAL_TLS…, TEMPORAL_PROFILE and TEMPORAL_CONFIG_FILE mean",
      "what they mean to the Temporal CLI. MILLRACE_DEBUG=1 adds stack traces to errors.",
      "",
      "Completion: source <(millrace completion bash). Manual pages: millrace man.",
      "",
      "Exit codes: 0 success, 1 failed, 2 wrong usage, 3 a server does not answer.",
      "Commands with --json print it on standard output and nothing else there."
    })
public final class Millrace implements Runnable {
  private final Console console;

  private Millrace(Console console) {
    this.console = console;
  }

  public static void main(String[] args) {
    Console console = Console.ofSystem();
    int exitCode = run(console, args);
    console.out().flush();
    System.exit(exitCode);
  }

  /** Runs a command to its end and returns its exit code. */
  public static int run(Console console, String... args) {
    try {
      return commandLine(console).execute(args);
    } catch (LinkageError | VirtualMachineError e) {
      return Failures.explain(console, e);
    }
  }

  /** Wires the commands. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new Millrace(console))
        .addSubcommand(new UpCommand(console))
        .addSubcommand(new DownCommand(console))
        .addSubcommand(new StatusCommand(console))
        .addSubcommand(new LogsCommand(console))
        .addSubcommand(new WorkerCommand(console))
        .addSubcommand(new ServeCommand(console))
        .addSubcommand(ServingCommand.commandLine(console))
        .addSubcommand(ModelsCommand.commandLine(console))
        .addSubcommand(new ProduceCommand(console))
        .addSubcommand(CdcCommand.commandLine(console))
        .addSubcommand(AlertsCommand.commandLine(console))
        .addSubcommand(SalesCommand.commandLine(console))
        .addSubcommand(DagsCommand.commandLine(console))
        .addSubcommand(FeaturesCommand.commandLine(console))
        .addSubcommand(FlinkCommand.commandLine(console))
        .addSubcommand(RunsCommand.commandLine(console))
        .addSubcommand(TasksCommand.commandLine(console))
        .addSubcommand(SchedulesCommand.commandLine(console))
        .addSubcommand(BackfillCommand.commandLine(console))
        .addSubcommand(PoolsCommand.commandLine(console))
        .addSubcommand(AssetsCommand.commandLine(console))
        .addSubcommand(WorkersCommand.commandLine(console))
        .addSubcommand(new CodecServerCommand(console))
        .addSubcommand(new SetupCommand(console))
        .addSubcommand(new SweepPayloadsCommand(console))
        .addSubcommand(new DemoCommand(console))
        .addSubcommand(new ConfigCommand(console))
        .addSubcommand(TemporalCommand.commandLine(console))
        .addSubcommand(new SqlCommand(console))
        .addSubcommand(new CompletionCommand(console))
        .addSubcommand(new CompleteCommand(console))
        .addSubcommand(new ManCommand(console))
        .setOut(console.out())
        .setErr(console.err())
        .setUsageHelpWidth(Math.max(80, Math.min(100, console.columns())))
        .setParameterExceptionHandler(new UsageErrors(console))
        .setExecutionExceptionHandler(new Failures(console))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false);
  }

  /** The settings in force where the command was called. */
  public static Settings settings(Console console) {
    return Settings.load(
        console.dataDirectory(), console.workingDirectory(), console.environment());
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }
}
