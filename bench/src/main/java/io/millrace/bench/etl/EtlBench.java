package io.millrace.bench.etl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.BenchServers;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.PeerPython;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.ProgressListener;
import io.millrace.stack.Stack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lake to gold beside pandas + psycopg2, DuckDB's transform alone and plain COPY, all against the
 * same PostgreSQL with its durability on.
 *
 * <p>Usage: {@code EtlBench [--json FILE] [--events 1000000] [--runs 3] [--parallelism 3] [--peers
 * DIR] [--work DIR] [--no-peers]}. Ours reads gzipped validated envelopes from the S3 store and
 * runs as data_pipeline on a Temporal server, quality checks included; the peers read the bare
 * events from local files. {@code pandas_ratio} and {@code copy_ratio} are our rows a second over
 * theirs: above 1 we are faster.
 */
public final class EtlBench {
  private final Options options;

  private EtlBench(Options options) {
    this.options = options;
  }

  record Options(
      Path json, int events, int runs, int parallelism, Path peers, Path work, boolean withPeers) {
    static Options parse(String[] args) {
      Given given = Given.of(args);
      return new Options(
          Path.of(given.value("--json", "target/bench-etl.json")).toAbsolutePath(),
          given.number("--events", 1_000_000),
          given.number("--runs", 3),
          given.number("--parallelism", 3),
          Path.of(given.value("--peers", "bench/peers")).toAbsolutePath(),
          Path.of(given.value("--work", "target/bench-etl")).toAbsolutePath(),
          !given.has("--no-peers"));
    }
  }

  public static void main(String[] args) throws Exception {
    Options options = Options.parse(args);
    ObjectNode result = new EtlBench(options).run();
    Figures.write(result, options.json());
    System.exit(0); // clients of servers that are gone may hold threads
  }

  private ObjectNode run() throws Exception {
    Files.createDirectories(options.work());
    Stack stack = new Stack(BenchServers.durable(options.work()));
    try {
      stack.up(
          Set.of(Component.TEMPORAL, Component.POSTGRES, Component.S3), ProgressListener.none());
      return measure(stack.endpoints());
    } finally {
      stack.purge();
    }
  }

  private ObjectNode measure(Endpoints at) throws Exception {
    ObjectNode result = Figures.JSON.createObjectNode();
    result.put("bench", "etl").put("runs", options.runs());
    result.put("cores", Runtime.getRuntime().availableProcessors());
    result.put("ratios", "our rows a second over theirs; above 1 we are faster");
    Path synthetic = options.work().resolve("synthetic-" + options.events());
    try (EtlLake lake = new EtlLake(at.s3(), "bench-synthetic")) {
      lake.writeSynthetic(options.events(), synthetic);
    }
    ObjectNode million = sideBySide(at, "bench-synthetic", synthetic);
    result.set("synthetic", million);
    for (String ratio : List.of("pandas_ratio", "copy_ratio", "duckdb_and_copy_ratio")) {
      if (million.has(ratio)) {
        result.set(ratio, million.get(ratio));
      }
    }
    if (options.withPeers()) {
      Path events = peers().events();
      try (EtlLake lake = new EtlLake(at.s3(), "bench-peers")) {
        lake.copy(events);
      }
      result.set("peers_200k", sideBySide(at, "bench-peers", events));
    }
    return result;
  }

  private ObjectNode sideBySide(Endpoints at, String bucket, Path files) throws Exception {
    ObjectNode side = Figures.JSON.createObjectNode();
    side.put("load_before", Figures.load());
    List<EtlRun> runs = new ArrayList<>();
    // The first one warms this JVM up, as a worker is warm; the peers are timed after their
    // imports.
    for (int run = 0; run <= options.runs(); run++) {
      String database = "etl_" + bucket.replace('-', '_') + "_" + run;
      EtlRun measured = EtlRun.measure(at, bucket, database, options.parallelism());
      if (run > 0) {
        runs.add(measured);
      }
      EtlRun.dropDatabase(at, database);
    }
    EtlRun median = Figures.median(runs, EtlRun::seconds);
    double ours = median.rows() / median.seconds();
    side.set("millrace", json(runs, median));
    if (options.withPeers()) {
      JsonNode peers = peers().pandasEtl(files, options.runs(), PeerPython.libpq(at.postgres()));
      double pandas = peers.path("pandas").path("rows_per_s").asDouble();
      double copy = peers.path("copy").path("rows_per_s").asDouble();
      double duckdbAndCopy =
          peers.path("duckdb").path("rows").asDouble()
              / (peers.path("duckdb").path("wall_s").asDouble()
                  + peers.path("copy").path("wall_s").asDouble());
      side.set("peers", peers);
      side.put("pandas_ratio", ours / pandas);
      side.put("copy_ratio", ours / copy);
      side.put("duckdb_and_copy_ratio", ours / duckdbAndCopy);
    }
    side.put("load_after", Figures.load());
    return side;
  }

  private static ObjectNode json(List<EtlRun> runs, EtlRun median) {
    ObjectNode node = Figures.JSON.createObjectNode();
    node.put("wall_s", median.seconds());
    ArrayNode walls = node.putArray("walls_s");
    runs.forEach(run -> walls.add(run.seconds()));
    node.put("rows", median.rows()).put("fact_rows", median.facts());
    node.put("rows_per_s", Math.round(median.rows() / median.seconds()));
    node.set("task_s", Figures.JSON.valueToTree(new TreeMap<>(median.taskSeconds())));
    return node;
  }

  private PeerPython peers() throws Exception {
    return PeerPython.ready(options.peers(), options.work(), "etl-requirements.lock");
  }
}
