package io.millrace.workers.cli;

import static java.util.Objects.requireNonNull;

import io.millrace.workers.config.Settings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
  /**
   * How each command is made, by its name, in the order of the help. Made when it is called, or
   * listed: a command that makes all the others costs a quarter of a second of processor time.
   */
  private static final Map<String, Function<Console, Object>> COMMANDS = commands();

  private static Map<String, Function<Console, Object>> commands() {
    Map<String, Function<Console, Object>> commands = new LinkedHashMap<>();
    commands.put("up", UpCommand::new);
    commands.put("down", DownCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("logs", LogsCommand::new);
    commands.put("worker", WorkerCommand::new);
    commands.put("serve", ServeCommand::new);
    commands.put("serving", ServingCommand::commandLine);
    commands.put("models", ModelsCommand::commandLine);
    commands.put("produce", ProduceCommand::new);
    commands.put("cdc", CdcCommand::commandLine);
    commands.put("alerts", AlertsCommand::commandLine);
    commands.put("sales", SalesCommand::commandLine);
    commands.put("dags", DagsCommand::commandLine);
    commands.put("features", FeaturesCommand::commandLine);
    commands.put("flink", FlinkCommand::commandLine);
    commands.put("runs", RunsCommand::commandLine);
    commands.put("tasks", TasksCommand::commandLine);
    commands.put("schedules", SchedulesCommand::commandLine);
    commands.put("backfill", BackfillCommand::commandLine);
    commands.put("pools", PoolsCommand::commandLine);
    commands.put("assets", AssetsCommand::commandLine);
    commands.put("workers", WorkersCommand::commandLine);
    commands.put("codec-server", CodecServerCommand::new);
    commands.put("setup", SetupCommand::new);
    commands.put("sweep-payloads", SweepPayloadsCommand::new);
    commands.put("demo", DemoCommand::new);
    commands.put("config", ConfigCommand::new);
    commands.put("temporal", TemporalCommand::commandLine);
    commands.put("sql", SqlCommand::new);
    commands.put("completion", CompletionCommand::new);
    commands.put("complete", CompleteCommand::new);
    commands.put("man", ManCommand::new);
    return commands;
  }

  /** The system property by which the logging knows a command. */
  static final String IS_COMMAND = "millrace.command";

  private final Console console;

  private Millrace(Console console) {
    this.console = console;
  }

  public static void main(String[] args) {
    System.setProperty(IS_COMMAND, "true");
    Console console = Console.ofSystem();
    int exitCode = run(console, args);
    console.out().flush();
    System.exit(exitCode);
  }

  /** Runs a command to its end and returns its exit code. */
  public static int run(Console console, String... args) {
    try {
      boolean named = args.length > 0 && COMMANDS.containsKey(args[0]);
      CommandLine line = named ? commandLine(console, List.of(args[0])) : commandLine(console);
      return line.execute(args);
    } catch (LinkageError | VirtualMachineError e) {
      return Failures.explain(console, e);
    }
  }

  /** Wires the commands. */
  static CommandLine commandLine(Console console) {
    return commandLine(console, COMMANDS.keySet());
  }

  private static CommandLine commandLine(Console console, Collection<String> names) {
    CommandLine all = new CommandLine(new Millrace(console));
    names.forEach(name -> all.addSubcommand(requireNonNull(COMMANDS.get(name)).apply(console)));
    return all.setOut(console.out())
        .setErr(console.err())
        .setUsageHelpWidth(Math.max(80, Math.min(100, console.columns())))
        .setParameterExceptionHandler(new UsageErrors(console))
        .setExecutionExceptionHandler(new Failures(console))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setExpandAtFiles(false) // @FILE is an option's own: the file's text, and not its words
        .registerConverter(double.class, Millrace::finite)
        .registerConverter(Double.class, Millrace::finite);
  }

  /** No option takes NaN or an infinity, which pass every comparison with a limit. */
  private static double finite(String text) {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through: neither is a number that an option takes.
    }
    throw new CommandLine.TypeConversionException("'" + text + "' is not a finite number");
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
