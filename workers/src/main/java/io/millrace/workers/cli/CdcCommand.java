package io.millrace.workers.cli;

import io.millrace.activities.cdc.CaptureConfig;
import io.millrace.activities.cdc.CaptureStatus;
import io.millrace.activities.cdc.ChangeCapture;
import io.millrace.activities.streaming.Topics;
import io.millrace.workers.config.CdcConfig;
import io.millrace.workers.config.EventsConfig;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.Settings;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The capture of the table's changes: make it, look at it, take it away. */
@Command(
    name = "cdc",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Capture the changes of PostgreSQL's table public.events with Debezium.",
    footer = {
      "",
      "Examples:",
      "  millrace up --cdc                                  start Kafka Connect, too",
      "  millrace cdc register                              capture from now on",
      "  millrace produce --to postgres --generate 1000     write into the table",
      "  millrace cdc status",
      "",
      "Exit codes: 0 changes flow, 1 they do not, 2 wrong usage, 3 a server does not answer."
    })
final class CdcCommand implements Runnable {
  private final Console console;

  private CdcCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new CdcCommand(console))
        .addSubcommand(new Register(console))
        .addSubcommand(new Status(console))
        .addSubcommand(new Unregister(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** Where the settings say that changes are captured. */
  static CaptureConfig config(Settings settings) {
    CdcConfig cdc = CdcConfig.from(settings);
    return new CaptureConfig(
        cdc.connectUrl(),
        cdc.jdbcUrl(),
        cdc.user(),
        cdc.password().value(),
        cdc.connectToken().value(),
        EventsConfig.from(settings).unavailable());
  }

  /** Makes what is missing. */
  @Command(
      name = "register",
      mixinStandardHelpOptions = true,
      header = "Make table, publication, slot, topic and connector, where they are missing.",
      description = {
        "",
        "A new capture begins with a snapshot of the table and goes on with its changes. One that"
            + " is there gets the settings of this build and goes on from its slot. Can be"
            + " repeated. If the table was replaced meanwhile, it says what to do instead."
      })
  static final class Register extends OnCapture {
    Register(Console console) {
      super(console);
    }

    @Override
    CaptureStatus act(ChangeCapture capture, int partitions) {
      return capture.register(partitions);
    }
  }

  /** Shows how it stands. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      header = "Show connector, task, slot, table and the newest message.",
      description = {
        "",
        "The slot's lag is the log that would be read again after a restart; what it retains, the"
            + " database cannot delete. Both fall with the heartbeat, every 10 seconds.",
        "",
        "A warning says what is or may be missing, and what to do: a table that was replaced, so"
            + " that rows in between are not captured, or a replica identity that is not FULL."
      })
  static final class Status extends OnCapture {
    Status(Console console) {
      super(console);
    }

    @Override
    CaptureStatus act(ChangeCapture capture, int partitions) {
      return capture.status();
    }
  }

  /** Takes everything away but table and topic. */
  @Command(
      name = "unregister",
      mixinStandardHelpOptions = true,
      header = "Take away connector, offsets, slot and publication; table and topic stay.",
      description = {
        "",
        "The database then keeps no log for a reader that does not come back. Registered again, the"
            + " capture begins with a snapshot, whose events fall out by their identity."
      })
  static final class Unregister implements Callable<Integer> {
    private final Console console;

    Unregister(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() {
      capture(Millrace.settings(console)).unregister();
      console.out().println("unregistered " + ChangeCapture.CONNECTOR);
      return ExitCode.OK;
    }
  }

  /** What ends with the capture's state. */
  abstract static class OnCapture implements Callable<Integer> {
    private final Console console;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    OnCapture(Console console) {
      this.console = console;
    }

    abstract CaptureStatus act(ChangeCapture capture, int partitions);

    @Override
    public Integer call() {
      Settings settings = Millrace.settings(console);
      int partitions = KafkaConfig.from(settings).rawPartitions();
      CaptureStatus status = act(capture(settings), partitions);
      if (json) {
        Json.print(console, status);
      } else {
        print(status);
      }
      return status.isRunning() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(CaptureStatus status) {
      Table table = new Table("", "state", "");
      table.row("connector", orNone(status.connector()), ChangeCapture.CONNECTOR + remedy(status));
      for (int task = 0; task < status.tasks().size(); task++) {
        table.row("task " + task, status.tasks().get(task), "");
      }
      if (status.error() != null) {
        table.row("error", "", status.error());
      }
      slot(table, status.slot());
      CaptureStatus.Rows rows = status.rows();
      table.row(
          "table",
          status.table().published() ? "published" : "not published",
          String.format(
              Locale.ROOT,
              "replica identity %s; %,d inserted, %,d updated, %,d deleted (no message is sent for"
                  + " a deleted row)",
              orNone(status.table().replicaIdentity()),
              rows.inserted(),
              rows.updated(),
              rows.deleted()));
      table.row(
          "topic",
          status.lastEvent() == null ? "empty" : "last message " + status.lastEvent(),
          Topics.CDC);
      table.print(console.out());
      status.warnings().forEach(warning -> console.err().println("warning: " + warning));
    }

    private static void slot(Table table, CaptureStatus.@Nullable Slot slot) {
      if (slot == null) {
        table.row("slot", "none", "");
        return;
      }
      table.row(
          "slot",
          slot.active() ? "active" : "not read",
          String.format(
              Locale.ROOT,
              "%s: lag %,d bytes, retains %,d bytes, log %s",
              slot.name(),
              slot.lagBytes(),
              slot.retainedBytes(),
              slot.walStatus()));
    }

    private static String orNone(@Nullable String state) {
      return state == null ? "none" : state;
    }

    private static String remedy(CaptureStatus status) {
      return status.connector() == null ? " (`millrace cdc register` makes it)" : "";
    }
  }

  private static ChangeCapture capture(Settings settings) {
    return new ChangeCapture(config(settings), KafkaConfig.from(settings).bootstrapServers());
  }
}
