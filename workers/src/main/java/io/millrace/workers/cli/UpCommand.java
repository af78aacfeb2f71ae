package io.millrace.workers.cli;

import io.millrace.stack.Component;
import io.millrace.stack.StatusRow;
import io.millrace.stack.StatusTable;
import io.millrace.workers.local.LocalMillrace;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts everything. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    header = "Start the servers, a worker and serving on this machine.",
    description = {
      "",
      "Temporal with its Web UI, PostgreSQL, Kafka, an S3 store, Redis, MLflow and Flink with our"
          + " jobs, then the warehouse's schema, a worker and serving. What runs already is left"
          + " alone; a process of ours that runs older code is replaced. The first time downloads"
          + " the servers.",
      "",
      "All listen on 127.0.0.1. `ports.NAME` in millrace.properties or MILLRACE_NAME_PORT moves a"
          + " port, MILLRACE_S3=minio takes MinIO for the S3 store."
    })
final class UpCommand implements Callable<Integer> {
  private static final int MAX_REPLICAS = 16;

  private final Console console;

  @Option(
      names = "--cdc",
      description = "Start Kafka Connect with Debezium, too: see millrace cdc.")
  private boolean cdc;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Processes that serve predictions (default 1; 0: none).",
        "Several listen on the ports after serving.port, and nginx in front of them."
      })
  private int replicas;

  UpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    UpDisplay display = new UpDisplay(console);
    LocalMillrace local = LocalCommands.local(console);
    Set<Component> components = cdc ? EnumSet.allOf(Component.class) : Component.standard();
    List<StatusRow> rows = local.up(components, requireSensible(replicas), display);
    display.erase();
    console.out().print(StatusTable.format(rows));
    ScheduleHint.print(console);
    console.out().flush();
    return ExitCode.OK;
  }

  private static int requireSensible(int replicas) {
    if (replicas < 0 || replicas > MAX_REPLICAS) {
      throw CommandFailure.usage(
          "--replicas must be 0 to %d, but is %d".formatted(MAX_REPLICAS, replicas));
    }
    return replicas;
  }
}
