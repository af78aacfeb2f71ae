package io.millrace.workers.cli;

import io.millrace.engine.deployment.Poller;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who there is. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "List the workers that are alive.")
final class WorkersList implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  WorkersList(Console console) {
    this.console = console;
  }

  /**
   * A worker process.
   *
   * @param worker its identity, {@code <pid>@<host>}
   */
  record Row(String worker, String version, List<String> queues, Instant lastSeen) {}

  @Override
  public Integer call() {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      List<Row> workers = workers(temporal.pollers());
      if (json) {
        Json.print(console, workers);
        return ExitCode.OK;
      }
      Table table = new Table("worker", "version", "queues", "last seen");
      for (Row row : workers) {
        table.row(
            row.worker(),
            row.version(),
            String.join(", ", row.queues()),
            row.lastSeen().truncatedTo(ChronoUnit.SECONDS).toString());
      }
      table.print(console.out());
      return ExitCode.OK;
    }
  }

  private static List<Row> workers(List<Poller> pollers) {
    Collection<List<Poller>> processes =
        pollers.stream()
            .collect(Collectors.groupingBy(Poller::identity, TreeMap::new, Collectors.toList()))
            .values();
    return processes.stream().map(WorkersList::row).toList();
  }

  /** The queue of the pools has workers without a version in every process. */
  private static Row row(List<Poller> polls) {
    return new Row(
        polls.get(0).identity(),
        polls.stream()
            .map(Poller::buildId)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(WorkersCommand.UNVERSIONED),
        polls.stream().map(Poller::queue).distinct().sorted().toList(),
        polls.stream().map(Poller::lastSeen).max(Instant::compareTo).orElseThrow());
  }
}
