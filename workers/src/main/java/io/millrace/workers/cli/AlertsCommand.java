package io.millrace.workers.cli;

import io.millrace.activities.alerts.AlertFeed;
import io.millrace.activities.streaming.Topics;
import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.Severity;
import io.millrace.workers.config.KafkaConfig;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the streaming jobs have found to be wrong. */
@Command(
    name = "alerts",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Read the alerts about invalid messages.",
    footer = {
      "",
      "Examples:",
      "  millrace alerts tail                       the last ten",
      "  millrace alerts tail -f --severity high    from now on, what is severe",
      "  millrace alerts tail -f --json | jq .source"
    })
final class AlertsCommand implements Runnable {
  private final Console console;

  private AlertsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new AlertsCommand(console)).addSubcommand(new Tail(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** Shows the newest, and those to come. */
  @Command(
      name = "tail",
      mixinStandardHelpOptions = true,
      header = "Show the newest alerts and, with --follow, those to come.",
      description = {
        "",
        "An EVENT tells of a rule that was not broken a moment ago, and of how many messages since"
            + " the alert before; a RATE of more messages of a kind in a window than there used to"
            + " be. Each is raised once per flink.alert-cooldown."
      })
  static final class Tail implements Callable<Integer> {
    private final Console console;
    private final BooleanSupplier stop;

    @Option(
        names = {"-f", "--follow"},
        description = "Go on with those to come, until interrupted.")
    private boolean follow;

    @Option(
        names = {"-n", "--lines"},
        paramLabel = "N",
        defaultValue = "10",
        description = "So many of the newest first. Default: ${DEFAULT-VALUE}.")
    private int lines;

    @Option(
        names = "--severity",
        paramLabel = "low|medium|high",
        defaultValue = "LOW",
        description = "Only those at least so severe. Default: ${DEFAULT-VALUE}.")
    private Severity severity = Severity.LOW;

    @Option(names = "--json", description = "Print each as a line of JSON, as it is in the topic.")
    private boolean json;

    Tail(Console console) {
      this(console, () -> console.out().checkError());
    }

    /** With something else to end it than the reader of its output going away. */
    Tail(Console console, BooleanSupplier stop) {
      this.console = console;
      this.stop = stop;
    }

    @Override
    public Integer call() {
      if (lines < 0 || lines > 10_000) {
        throw CommandFailure.usage("--lines must be from 0 to 10000, but is " + lines);
      }
      String servers = KafkaConfig.from(Millrace.settings(console)).bootstrapServers();
      try (AlertFeed feed = AlertFeed.open(servers, severity)) {
        if (!feed.isThere()) {
          throw CommandFailure.failed(
              "there is no topic %s at %s: the job alerts of `millrace up` makes it"
                  .formatted(Topics.ALERTS, servers));
        }
        feed.newest(lines).forEach(this::print);
        if (follow) {
          feed.follow(this::print, stop);
        }
      }
      return ExitCode.OK;
    }

    private void print(Alert alert) {
      String line = json ? new String(alert.toJson(), StandardCharsets.UTF_8) : text(alert);
      console.out().println(line);
      console.out().flush();
    }

    private static String text(Alert alert) {
      String many =
          alert.kind() == Alert.Kind.EVENT && alert.count() > 1
              ? " (" + alert.count() + " messages)"
              : "";
      return "%s  %-6s  %-5s  %s  %s: %s%s"
          .formatted(
              alert.timestamp(),
              alert.severity(),
              alert.kind(),
              alert.source(),
              alert.errorType(),
              oneLine(alert.errorMessage()),
              many);
    }

    /** Others write the topics that this comes from: no control character reaches a terminal. */
    private static String oneLine(String text) {
      return text.replaceAll("\\p{Cntrl}", " ");
    }
  }
}
