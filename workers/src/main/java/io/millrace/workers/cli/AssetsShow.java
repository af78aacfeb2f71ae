package io.millrace.workers.cli;

import io.millrace.engine.asset.Asset;
import io.millrace.engine.asset.AssetCondition;
import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.asset.AssetReport;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.engine.asset.Assets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One asset: who waits for it and what else they need, and its last events. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    header = "Show who waits for an asset, what they have already, and its last events.")
final class AssetsShow extends AssetsCommand.OnAssets {
  private static final int LAST = 10;

  @Parameters(paramLabel = "ASSET", description = "Its name.")
  private String asset = "";

  AssetsShow(Console console) {
    super(console);
  }

  /**
   * What is known of an asset.
   *
   * @param events the last ones, the latest first
   */
  record Shown(AssetReport asset, List<Consumer> consumers, List<AssetEvent> events) {}

  /**
   * A DAG that waits for it.
   *
   * @param condition all that it waits for, for example {@code orders & (eu | us)}
   * @param isByPartition whether each partition is waited for by itself
   * @param has the events that it has since its last run
   */
  record Consumer(String dag, String condition, boolean isByPartition, List<AssetEvent> has) {}

  @Override
  public Integer call() {
    Shown shown = ask(this::look);
    if (json) {
      Json.print(console, shown);
      return ExitCode.OK;
    }
    Table table = new Table("dag", "waits for", "has");
    for (Consumer consumer : shown.consumers()) {
      table.row(
          consumer.dag(),
          consumer.condition() + (consumer.isByPartition() ? ", each partition" : ""),
          consumer.has().stream()
              .map(event -> event.asset() + partition(event))
              .distinct()
              .collect(Collectors.joining(", ")));
    }
    table.print(console.out());
    console.out().println();
    print(shown.events());
    return ExitCode.OK;
  }

  private Shown look(Assets assets) {
    AssetReport found =
        assets.list().stream()
            .filter(report -> report.asset().equals(asset))
            .findFirst()
            .orElseThrow(() -> unknown(assets, asset));
    List<AssetSchedule> consumers =
        assets.schedules().stream()
            .filter(schedule -> schedule.condition().assets().contains(asset))
            .toList();
    Map<String, List<AssetEvent>> waiting = assets.waiting(consumers);
    return new Shown(
        found,
        consumers.stream().map(schedule -> consumer(schedule, waiting)).toList(),
        assets.events(new Asset(asset)).stream().limit(LAST).toList());
  }

  private static Consumer consumer(AssetSchedule schedule, Map<String, List<AssetEvent>> waiting) {
    return new Consumer(
        schedule.dag(),
        text(schedule.condition(), false),
        schedule.byPartition(),
        waiting.getOrDefault(schedule.dag(), List.of()));
  }

  /** As Airflow writes it: {@code a & (b | c)}. */
  private static String text(AssetCondition condition, boolean isInner) {
    if (condition instanceof AssetCondition.Updated updated) {
      return updated.asset();
    }
    boolean isAll = condition instanceof AssetCondition.All;
    List<AssetCondition> parts =
        condition instanceof AssetCondition.All all
            ? all.parts()
            : ((AssetCondition.Any) condition).parts();
    String joined =
        parts.stream()
            .map(part -> text(part, true))
            .collect(Collectors.joining(isAll ? " & " : " | "));
    return isInner && parts.size() > 1 ? "(" + joined + ")" : joined;
  }

  private static String partition(AssetEvent event) {
    return event.partition() == null ? "" : "[" + event.partition() + "]";
  }
}
