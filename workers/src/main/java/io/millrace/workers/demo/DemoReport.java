package io.millrace.workers.demo;

import io.millrace.activities.features.OnlineVerification;
import io.millrace.stack.Endpoints;
import io.millrace.workflows.registry.RegisteredVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the demo found, as numbers that must add up. */
final class DemoReport {
  private final DemoRun run;
  private final Counts before;
  private final Counts after;
  private final Tables tablesBefore;
  private final Tables tables;
  private final OnlineVerification.Report online;

  DemoReport(DemoRun run) {
    this.run = run;
    before = DemoRun.found(run.before);
    after = DemoRun.found(run.after);
    tablesBefore = DemoRun.found(run.tablesBefore);
    tables = DemoRun.found(run.tablesAfter);
    online = DemoRun.found(run.online);
  }

  long valid() {
    return after.valid() - before.valid();
  }

  long invalid() {
    return after.invalid() - before.invalid();
  }

  /** Rows of features that can be read online and are the warehouse's, or newer. */
  long online() {
    return online.equal() + online.ahead();
  }

  /** Each equation that does not hold, in words; empty if all do. */
  List<String> disagreements() {
    List<String> wrong = new ArrayList<>();
    compare(wrong, "this run: produced", run.produced, "valid + invalid", valid() + invalid());
    compare(
        wrong,
        "all runs: raw messages",
        after.raw(),
        "valid + invalid",
        after.valid() + after.invalid());
    compare(wrong, "valid messages", after.valid(), "lines in the lake", after.lakeValid());
    compare(wrong, "invalid messages", after.invalid(), "lines in the lake", after.lakeInvalid());
    if (tables.quarantinedObjects() == 0) {
      compare(
          wrong,
          "valid lines in the lake",
          after.lakeValid(),
          "bronze rows + quarantined lines",
          tables.bronze() + tables.quarantined());
    }
    compare(wrong, "distinct events in bronze", tables.distinct(), "silver rows", tables.silver());
    compare(wrong, "silver rows", tables.silver(), "fact rows", tables.facts());
    compare(wrong, "online features", online.rows(), "equal to the warehouse's", online());
    return wrong;
  }

  /** The report as keys and values; counts are what this run added, `totals` those of all runs. */
  Map<String, Object> json(Endpoints endpoints, Map<String, Double> seconds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("events_produced", run.produced);
    json.put("valid", valid());
    json.put("invalid", invalid());
    json.put("lake_objects", after.lakeObjects() - before.lakeObjects());
    json.put("bronze_rows", tables.bronze() - tablesBefore.bronze());
    json.put("silver_rows", tables.silver() - tablesBefore.silver());
    json.put("fact_rows", tables.facts() - tablesBefore.facts());
    json.put("duplicates", duplicates(tables) - duplicates(tablesBefore));
    json.put("quarantined", tables.quarantined() - tablesBefore.quarantined());
    json.put("cdc_events", run.cdcEvents);
    json.put("features_online", online());
    json.put("freshness_p50_ms", run.freshness == null ? null : run.freshness.percentile(50));
    json.put("freshness_p99_ms", run.freshness == null ? null : run.freshness.percentile(99));
    json.put("skew_mismatches", online.differences());
    model(json, run.registered);
    json.put("training_skipped", run.trainingSkipped);
    served(json, run.served);
    json.put("counts_agree", disagreements().isEmpty());
    json.put("totals", totals());
    json.put("stage_seconds", seconds);
    json.put("total_seconds", seconds.values().stream().mapToDouble(Double::doubleValue).sum());
    json.put("urls", urls(endpoints));
    return json;
  }

  private static void model(Map<String, Object> json, @Nullable RegisteredVersion version) {
    json.put("model", version == null ? null : version.modelName());
    json.put("version", version == null ? null : version.version());
    json.put(
        "alias", version == null || version.aliases().isEmpty() ? null : version.aliases().get(0));
    json.put("held_back", version == null ? List.of() : version.reasons());
    json.put("auc", version == null ? null : version.auc());
    json.put("baseline_auc", version == null ? null : version.baselineAuc());
    json.put("logloss", version == null ? null : version.logloss());
  }

  private static void served(Map<String, Object> json, ServeStage.@Nullable Served served) {
    json.put("predictions", served == null ? 0 : served.predictions());
    json.put("prediction_errors", served == null ? null : served.errors());
    json.put("reload_ms", served == null ? null : served.reloadMillis());
    json.put("predict_p50_ms", served == null ? null : served.p50());
    json.put("predict_p99_ms", served == null ? null : served.p99());
  }

  private Map<String, Object> totals() {
    Map<String, Object> totals = new LinkedHashMap<>();
    totals.put("events_produced", after.raw());
    totals.put("valid", after.valid());
    totals.put("invalid", after.invalid());
    totals.put("lake_objects", after.lakeObjects());
    totals.put("bronze_rows", tables.bronze());
    totals.put("silver_rows", tables.silver());
    totals.put("fact_rows", tables.facts());
    totals.put("quarantined", tables.quarantined());
    return totals;
  }

  Map<String, String> urls(Endpoints endpoints) {
    Map<String, String> urls = new LinkedHashMap<>();
    urls.put("temporal", endpoints.temporal().uiUrl());
    urls.put("data_pipeline", run.dataRunUrl);
    urls.put("training_pipeline", run.trainingRunUrl);
    urls.put("serving", run.servingUrl);
    urls.put("mlflow", endpoints.mlflow().trackingUri());
    urls.put("flink", endpoints.flink().restUrl());
    urls.put("s3", endpoints.s3().endpoint());
    urls.put("postgres", endpoints.postgres().jdbcUrl());
    return urls;
  }

  private static long duplicates(Tables tables) {
    return tables.bronze() - tables.distinct();
  }

  private static void compare(
      List<String> wrong, String left, long leftCount, String right, long rightCount) {
    if (leftCount != rightCount) {
      wrong.add(left + " " + leftCount + " != " + right + " " + rightCount);
    }
  }
}
