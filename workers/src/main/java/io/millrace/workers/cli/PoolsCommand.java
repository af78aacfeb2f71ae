package io.millrace.workers.cli;

import io.millrace.engine.pool.PoolReport;
import io.millrace.engine.pool.Pools;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pools: how many slots there are, and who uses them. */
@Command(
    name = "pools",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List, show, set and delete pools: slots that all runs share.",
    footer = {
      "",
      "Examples:",
      "  millrace pools set warehouse 4 --description 'writers of the warehouse'",
      "  millrace pools show warehouse       who has its slots, and who waits for them"
    })
final class PoolsCommand implements Runnable {
  private final Console console;

  private PoolsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new PoolsCommand(console))
        .addSubcommand(new ListPools(console))
        .addSubcommand(new ShowPool(console))
        .addSubcommand(new SetPool(console))
        .addSubcommand(new DeletePool(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /**
   * A pool in Airflow's words.
   *
   * @param queued slots that waiting tasks want
   * @param open slots that are free
   * @param isDeclared whether its slots were set; if not, they are the default
   */
  record Row(
      String pool,
      int slots,
      int used,
      int queued,
      int open,
      @Nullable String description,
      boolean isDeclared) {

    static Row of(PoolReport report) {
      return new Row(
          report.name(),
          report.slots(),
          report.used(),
          report.queued(),
          report.open(),
          report.description(),
          report.declared());
    }
  }

  /** A command on pools. */
  abstract static class OnPools implements Callable<Integer> {
    final Console console;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    OnPools(Console console) {
      this.console = console;
    }

    /** Asks the pools; a pool that has nobody to run it is told from one that is not there. */
    final <T> T ask(Function<Pools, T> question) {
      try (TemporalConnection temporal = TemporalConnection.open(console)) {
        return WorkerAnswer.of("the pools", () -> question.apply(temporal.pools()));
      } catch (IllegalArgumentException e) {
        throw CommandFailure.usage(String.valueOf(e.getMessage()));
      } catch (IllegalStateException e) {
        throw CommandFailure.unreachable(String.valueOf(e.getMessage()), e);
      }
    }

    final void print(List<PoolReport> pools) {
      List<Row> rows = pools.stream().map(Row::of).toList();
      if (json) {
        Json.print(console, rows);
        return;
      }
      Table table = new Table("pool", "slots", "used", "queued", "open", "description");
      rows.forEach(
          row ->
              table.row(
                  row.pool(),
                  Integer.toString(row.slots()),
                  Integer.toString(row.used()),
                  Integer.toString(row.queued()),
                  Integer.toString(row.open()),
                  row.description() != null
                      ? row.description()
                      : row.isDeclared() ? "" : "(slots not set: the default)"));
      table.print(console.out());
    }
  }

  /** A command on one pool. */
  abstract static class OnPool extends OnPools {
    @Parameters(index = "0", paramLabel = "POOL", description = "Its name.")
    String pool = "";

    OnPool(Console console) {
      super(console);
    }

    /** Asks for the pool, or fails with the nearest and with those that there are. */
    final PoolReport found(Function<Pools, Optional<PoolReport>> question) {
      return ask(pools -> question.apply(pools).orElseThrow(() -> unknown(pools.list())));
    }

    private CommandFailure unknown(Pools.Listing listing) {
      List<String> names = new ArrayList<>(listing.unanswered());
      listing.pools().forEach(known -> names.add(known.name()));
      return Names.unknown("pool", pool, names);
    }
  }

  /** All of them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      header = "List the pools with their slots: used, queued for, open.")
  static final class ListPools extends OnPools {

    ListPools(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      Pools.Listing listing = ask(Pools::list);
      print(listing.pools());
      listing
          .unanswered()
          .forEach(
              name ->
                  console
                      .err()
                      .printf(
                          "no worker answers for pool '%s': none polls its task queue%n", name));
      return listing.unanswered().isEmpty() ? ExitCode.OK : ExitCode.UNREACHABLE;
    }
  }

  /** One of them. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      header = "Show who has a pool's slots, and who waits for them.")
  static final class ShowPool extends OnPool {

    ShowPool(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      PoolReport report = found(pools -> pools.report(pool));
      if (json) {
        Json.print(console, report);
        return ExitCode.OK;
      }
      print(List.of(report));
      console.out().println();
      console.out().print(report.table());
      console.out().flush();
      return ExitCode.OK;
    }
  }

  /** Makes or changes one. */
  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      header = "Make a pool, or set its slots.",
      description = {
        "",
        "Nothing that is in use is taken away: with fewer slots than are used, nothing more is"
            + " granted until enough has come back. 0 slots hold everything back."
      })
  static final class SetPool extends OnPool {
    @Parameters(index = "1", paramLabel = "SLOTS", description = "How many, 0 or more.")
    private int slots;

    @Option(
        names = "--description",
        paramLabel = "TEXT",
        description = "What a slot stands for; '' takes it back.")
    private @Nullable String description;

    SetPool(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      PoolReport report = ask(this::set);
      print(List.of(report));
      return ExitCode.OK;
    }

    private PoolReport set(Pools pools) {
      PoolReport report = pools.set(pool, slots);
      return description == null ? report : pools.describe(pool, description);
    }
  }

  /** Deletes one. */
  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      header = "Delete a pool: it serves what waits, refuses what is new, and ends.")
  static final class DeletePool extends OnPool {

    DeletePool(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      PoolReport was = found(pools -> pools.delete(pool));
      if (json) {
        print(List.of(was));
      } else if (was.used() + was.waiting() == 0) {
        console.out().println("deleted " + pool);
      } else {
        console
            .out()
            .println(
                "deleting %s: %d slots are in use and %d requests wait; it ends after them"
                    .formatted(pool, was.used(), was.waiting()));
      }
      return ExitCode.OK;
    }
  }
}
