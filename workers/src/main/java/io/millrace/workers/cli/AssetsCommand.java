package io.millrace.workers.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.asset.Asset;
import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.asset.AssetReport;
import io.millrace.engine.asset.Assets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Assets: what was made, and who waits for it. */
@Command(
    name = "assets",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "List assets, show their events and who waits for them, tell of a new one.",
    footer = {
      "",
      "Examples:",
      "  millrace assets emit prices --partition 2026-11-21 --extra '{\"rows\": 10}'",
      "  millrace assets events prices"
    })
final class AssetsCommand implements Runnable {
  private final Console console;

  private AssetsCommand(Console console) {
    this.console = console;
  }

  static CommandLine commandLine(Console console) {
    return new CommandLine(new AssetsCommand(console))
        .addSubcommand(new ListAssets(console))
        .addSubcommand(new AssetsShow(console))
        .addSubcommand(new ListEvents(console))
        .addSubcommand(new Emit(console));
  }

  @Override
  public void run() {
    commandLine(console).usage(console.out());
  }

  /** A command on assets. */
  abstract static class OnAssets implements Callable<Integer> {
    final Console console;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    OnAssets(Console console) {
      this.console = console;
    }

    final <T> T ask(Function<Assets, T> question) {
      try (TemporalConnection temporal = TemporalConnection.open(console)) {
        return WorkerAnswer.of("the assets", () -> question.apply(temporal.assets()));
      }
    }

    final void print(List<AssetEvent> events) {
      Table table = new Table("at", "asset", "partition", "source", "extra");
      for (AssetEvent event : events) {
        table.row(
            time(event.at()),
            event.asset(),
            Objects.requireNonNullElse(event.partition(), ""),
            event.source(),
            event.extra() == null ? "" : event.extra().toString());
      }
      table.print(console.out());
    }

    /** No asset of this name was made or is waited for. */
    static CommandFailure unknown(Assets assets, String name) {
      return Names.unknown("asset", name, assets.list().stream().map(AssetReport::asset).toList());
    }

    static String time(@Nullable Instant at) {
      return at == null ? "" : at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
  }

  /** All of them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      header = "List the assets that were made or are waited for.")
  static final class ListAssets extends OnAssets {

    ListAssets(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      List<AssetReport> assets = ask(Assets::list);
      if (json) {
        Json.print(console, assets);
        return ExitCode.OK;
      }
      Table table = new Table("asset", "events", "last", "source", "consumers");
      for (AssetReport asset : assets) {
        table.row(
            asset.asset(),
            Long.toString(asset.events()),
            time(asset.lastAt()),
            Objects.requireNonNullElse(asset.lastSource(), ""),
            String.join(", ", asset.consumers()));
      }
      table.print(console.out());
      return ExitCode.OK;
    }
  }

  /** What has happened. */
  @Command(
      name = "events",
      mixinStandardHelpOptions = true,
      header = "List the last events, the latest first.",
      description = {"", "At most 200, of all assets together or of one."})
  static final class ListEvents extends OnAssets {
    @Parameters(paramLabel = "ASSET", arity = "0..1", description = "Only of this one.")
    private @Nullable String asset;

    ListEvents(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      String one = asset;
      List<AssetEvent> events = ask(assets -> one == null ? assets.events() : events(assets, one));
      if (json) {
        Json.print(console, events);
      } else {
        print(events);
      }
      return ExitCode.OK;
    }
  }

  /** An asset without events may be waited for; if not, there is none of this name. */
  private static List<AssetEvent> events(Assets assets, String name) {
    List<AssetEvent> events = assets.events(new Asset(name));
    if (events.isEmpty() && assets.list().stream().noneMatch(all -> all.asset().equals(name))) {
      throw OnAssets.unknown(assets, name);
    }
    return events;
  }

  /** Something was made elsewhere. */
  @Command(
      name = "emit",
      mixinStandardHelpOptions = true,
      header = "Tell that an asset was made or changed outside of Millrace.",
      description = {
        "",
        "DAGs for which it was the last that they waited for start. An asset needs no set-up."
      })
  static final class Emit extends OnAssets {
    @Parameters(paramLabel = "ASSET", description = "Its name.")
    private String asset = "";

    @Option(names = "--partition", paramLabel = "NAME", description = "The part that changed.")
    private @Nullable String partition;

    @Option(
        names = "--extra",
        paramLabel = "JSON|@FILE",
        description = "What else there is to say, for the DAGs that it starts.")
    private @Nullable String extra;

    @Option(
        names = "--source",
        paramLabel = "NAME",
        description = "Who says so. Default: you (${user.name}).")
    private @Nullable String source;

    Emit(Console console) {
      super(console);
    }

    @Override
    public Integer call() {
      AssetEvent event = event();
      ask(
          assets -> {
            assets.emit(event);
            return event;
          });
      if (json) {
        Json.print(console, event);
      } else {
        console
            .out()
            .println("emitted " + asset + (partition == null ? "" : ", partition " + partition));
      }
      return ExitCode.OK;
    }

    private AssetEvent event() {
      JsonNode given = extra == null ? null : JsonInput.any(console, "--extra", extra);
      if (asset.isBlank()) {
        throw CommandFailure.usage("ASSET must not be empty");
      }
      try {
        AssetEvent event =
            new AssetEvent(asset, partition, RunOperation.user(source), Instant.now(), given);
        Assets.requireNames(event);
        return event;
      } catch (IllegalArgumentException e) {
        throw CommandFailure.usage(String.valueOf(e.getMessage()));
      }
    }
  }
}
