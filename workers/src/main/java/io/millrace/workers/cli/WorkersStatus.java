package io.millrace.workers.cli;

import io.millrace.engine.deployment.Deployment;
import io.millrace.engine.deployment.Deployment.State;
import io.millrace.engine.deployment.Deployment.Version;
import io.millrace.engine.deployment.Poller;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Versions and queues. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    header = "Show the versions of the workers, and who polls which task queue.",
    description = {
      "",
      "current: takes new runs; ramping: takes a share of them; draining: some runs that it"
          + " began are open; drained: all have ended, its workers may stop; inactive: never"
          + " promoted."
    },
    footer = {"", "Exit codes: 0 a version takes new runs, 3 none does."})
final class WorkersStatus implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  WorkersStatus(Console console) {
    this.console = console;
  }

  /** Both tables. */
  record Status(List<VersionRow> versions, List<QueueRow> queues) {}

  /**
   * A version.
   *
   * @param share of the new runs, in percent
   * @param openRuns that are pinned to it
   * @param workers that are alive
   */
  record VersionRow(
      String version, State state, double share, long openRuns, long workers, Instant since) {}

  /**
   * A task queue and kind of task.
   *
   * @param versions of the workers that poll it; {@code unversioned} for those without
   */
  record QueueRow(String queue, String kind, int pollers, List<String> versions) {}

  @Override
  public Integer call() {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      Status status = look(temporal.deployment(), temporal.pollers());
      if (json) {
        Json.print(console, status);
      } else {
        print(status);
      }
      return takesNewRuns(status) ? ExitCode.OK : ExitCode.UNREACHABLE;
    }
  }

  private static Status look(Deployment deployment, List<Poller> pollers) {
    List<VersionRow> versions =
        deployment.versions().stream()
            .map(version -> row(version, deployment.openRuns(version.buildId()), pollers))
            .toList();
    return new Status(versions, queues(pollers));
  }

  private static VersionRow row(Version version, long openRuns, List<Poller> pollers) {
    return new VersionRow(
        version.buildId(),
        version.state(),
        version.share(),
        openRuns,
        pollers.stream()
            .filter(poller -> version.buildId().equals(poller.buildId()))
            .map(Poller::identity)
            .distinct()
            .count(),
        version.createdAt());
  }

  private static List<QueueRow> queues(List<Poller> pollers) {
    return pollers.stream()
        .collect(
            Collectors.groupingBy(
                poller -> List.of(poller.queue(), poller.kind()),
                () -> new TreeMap<>(Comparator.comparing(Object::toString)),
                Collectors.toList()))
        .values()
        .stream()
        .map(
            some ->
                new QueueRow(
                    some.get(0).queue(),
                    some.get(0).kind(),
                    some.size(),
                    some.stream().map(WorkersCommand::version).distinct().sorted().toList()))
        .toList();
  }

  /** A version of which a worker lives, or workers without one where none was promoted. */
  private static boolean takesNewRuns(Status status) {
    boolean promoted = status.versions().stream().anyMatch(row -> row.state() == State.CURRENT);
    return promoted
        ? status.versions().stream()
            .anyMatch(row -> row.state() == State.CURRENT && row.workers() > 0)
        : status.queues().stream()
            .anyMatch(row -> row.versions().contains(WorkersCommand.UNVERSIONED));
  }

  private void print(Status status) {
    Table versions = new Table("version", "state", "share", "open runs", "workers", "since");
    for (VersionRow row : status.versions()) {
      versions.row(
          row.version(),
          row.state().name().toLowerCase(Locale.ROOT),
          row.share() == 0 ? "" : Math.round(row.share()) + "%",
          Long.toString(row.openRuns()),
          Long.toString(row.workers()),
          row.since().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    if (!status.versions().isEmpty()) {
      versions.print(console.out());
      console.out().println();
    }
    Table queues = new Table("queue", "tasks", "workers", "versions");
    for (QueueRow row : status.queues()) {
      queues.row(
          row.queue(),
          row.kind(),
          Integer.toString(row.pollers()),
          String.join(", ", row.versions()));
    }
    queues.print(console.out());
    if (!takesNewRuns(status)) {
      console.err().println("no worker takes new runs; see `millrace workers promote --help`");
    }
  }
}
