package io.millrace.workers.demo;

import io.millrace.stack.Endpoints;
import io.millrace.workers.cli.CommandFailure;
import io.millrace.workers.cli.Console;
import io.millrace.workers.cli.Json;
import io.millrace.workers.config.KafkaConfig;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.local.LocalMillrace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From nothing to a registered model: starts what does not run, sends events, follows them through
 * every stage, trains, and reports counts that must add up. On a warm system it adds only what is
 * new.
 */
public final class Demo {
  private static final Duration RPC_TIMEOUT = Duration.ofSeconds(10);

  private final Console console;
  private final LocalMillrace local;
  private final KafkaConfig kafka;
  private final DemoOptions options;

  public Demo(Console console, LocalMillrace local, KafkaConfig kafka, DemoOptions options) {
    this.console = console;
    this.local = local;
    this.kafka = kafka;
    this.options = options;
  }

  /**
   * Runs all stages.
   *
   * @throws CommandFailure if a stage fails or the counts do not add up; the JSON file, if asked
   *     for, then says why
   */
  public void run() throws IOException {
    StageRunner runner = new StageRunner(console);
    try (DemoRun run = new DemoRun()) {
      Endpoints endpoints = local.stack().endpoints();
      for (Stage stage : stages(endpoints)) {
        runner.run(stage, run);
      }
      DemoReport report = new DemoReport(run);
      write(report.json(endpoints, runner.seconds()));
      print(report, run, endpoints);
      List<String> wrong = report.disagreements();
      if (!wrong.isEmpty()) {
        throw CommandFailure.failed("the counts do not add up: " + String.join("; ", wrong));
      }
    } catch (CommandFailure e) {
      writeFailure(runner, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private List<Stage> stages(Endpoints endpoints) {
    TemporalConfig temporal =
        new TemporalConfig(
            endpoints.temporal().target(),
            endpoints.temporal().namespace(),
            URI.create(endpoints.temporal().uiUrl()),
            RPC_TIMEOUT);
    Path state = DemoState.file(console.dataDirectory());
    return List.of(
        new UpStage(local),
        new DrainStage(),
        new ProduceStage(endpoints.kafka().bootstrapServers(), kafka, options, state),
        new ValidateStage(),
        new LiveStage(endpoints, options, state),
        new CdcStage(endpoints, kafka, options, state),
        new LakeStage(),
        new DataStage(console, temporal),
        new FeaturesStage(),
        new TrainStage(console, temporal),
        new ServeStage(console, local.servingUrl()));
  }

  private void print(DemoReport report, DemoRun run, Endpoints endpoints) {
    Tables before = DemoRun.found(run.tablesBefore);
    Tables after = DemoRun.found(run.tablesAfter);
    console.out().println();
    count("produced", run.produced, "");
    count("captured", run.cdcEvents, "of them from PostgreSQL");
    count("valid", report.valid(), "");
    count("invalid", report.invalid(), "kept with their reason in the lake");
    count("bronze", after.bronze() - before.bronze(), "");
    count("silver", after.silver() - before.silver(), "each event once");
    count("fact", after.facts() - before.facts(), "");
    count("online", report.online(), "rows of features, the same as the warehouse's");
    count("quarantined", after.quarantined() - before.quarantined(), "");
    console.out().println(report.disagreements().isEmpty() ? "The counts add up." : "");
    console.out().println("\nLook at:");
    report.urls(endpoints).forEach((name, url) -> console.out().printf("  %-18s %s%n", name, url));
    if (report.disagreements().isEmpty()) {
      console.out().println("\nTry next:");
      TryNext.lines(console, local.servingUrl(), run.onlineKeys(1))
          .forEach(line -> console.out().println("  " + line));
    }
  }

  private void count(String what, long count, String note) {
    console
        .out()
        .println(String.format(Locale.ROOT, "%,12d  %-12s %s", count, what, note).stripTrailing());
  }

  private void writeFailure(StageRunner runner, String reason) throws IOException {
    Path file = options.jsonFile();
    if (file != null && !Files.isRegularFile(file)) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("error", reason);
      json.put("stage_seconds", runner.seconds());
      write(json);
    }
  }

  private void write(Map<String, Object> json) throws IOException {
    @Nullable Path file = options.jsonFile();
    if (file != null) {
      Files.writeString(file, Json.text(json) + "\n");
    }
  }
}
