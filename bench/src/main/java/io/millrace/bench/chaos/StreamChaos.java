package io.millrace.bench.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.activities.cdc.ChangeCapture;
import io.millrace.activities.cdc.EventsTable;
import io.millrace.activities.features.OnlineVerification;
import io.millrace.engine.RunReport;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.stack.Stack;
import io.millrace.workers.cli.Console;
import io.millrace.workers.cli.Millrace;
import io.millrace.workers.cli.RunWatch;
import io.millrace.workers.cli.TemporalConnection;
import io.millrace.workers.config.TemporalConfig;
import io.millrace.workers.demo.Counts;
import io.millrace.workers.demo.EventCounters;
import io.millrace.workers.demo.Tables;
import io.millrace.workers.local.LocalMillrace;
import io.millrace.workers.local.ServingProcesses;
import io.millrace.workers.local.WorkerProcess;
import io.millrace.workers.worker.Pipeline;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Kills the servers of the streams under load, in an order that a seed decides, and then counts:
 * each message is valid or invalid, each valid one stands in the lake once and its event in silver
 * once, and the online features are what the warehouse's SQL makes of all events from scratch.
 *
 * <p>Usage: {@code StreamChaos [--seconds 600] [--seed 1] [--rate 500] [--json FILE]}. Ends with 1
 * if a count does not agree.
 */
public final class StreamChaos {
  private static final Duration SETTLE = Duration.ofMinutes(10);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int PARTITIONS = 4;

  private final Stack stack;
  private final Console console;
  private final Ledger ledger = new Ledger();

  private StreamChaos(Stack stack, Console console) {
    this.stack = stack;
    this.console = console;
  }

  public static void main(String[] args) throws Exception {
    List<String> given = List.of(args);
    Duration time = Duration.ofSeconds(Long.parseLong(value(given, "--seconds", "600")));
    long seed = Long.parseLong(value(given, "--seed", "1"));
    int rate = Integer.parseInt(value(given, "--rate", "500"));
    Path home = Path.of("").toAbsolutePath();
    boolean agrees;
    try (LocalStack servers = LocalStack.forTests(Component.TEMPORAL, Component.POSTGRES)) {
      Path data = servers.stack().config().state();
      PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
      Console console =
          new Console(out, out, false, 100, Map.of("MILLRACE_DATA", data.toString()), home, home);
      new LocalMillrace(
              servers.stack(),
              new WorkerProcess(home, data, data, "chaos", Map.of()),
              new ServingProcesses(home, data, data, 0),
              PARTITIONS)
          .up(EnumSet.allOf(Component.class), 0, (name, phase, elapsed, detail) -> {});
      StreamChaos chaos = new StreamChaos(servers.stack(), console);
      agrees = chaos.run(time, seed, rate);
      chaos.ledger.put("seed", seed).put("seconds", time.toSeconds()).put("rate", rate);
      Files.writeString(
          Path.of(value(given, "--json", "target/chaos-stream.json")),
          new ObjectMapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(chaos.ledger.all()));
    }
    System.exit(agrees ? 0 : 1);
  }

  private static String value(List<String> args, String name, String otherwise) {
    int at = args.indexOf(name);
    return at < 0 ? otherwise : args.get(at + 1);
  }

  private boolean run(Duration time, long seed, int rate) throws Exception {
    Endpoints at = stack.endpoints();
    Load load = new Load(at, seed, time, rate);
    new ChangeCapture(load.capture(), at.kafka().bootstrapServers()).register(PARTITIONS);
    CompletableFuture<Long> toKafka = load.toKafka();
    CompletableFuture<Long> toTable = load.toTable(time);
    new Faults(stack, seed)
        .inject(time)
        .forEach((server, kills) -> ledger.put("kills of " + server, kills));
    long produced = toKafka.get(SETTLE.toSeconds(), TimeUnit.SECONDS);
    var unused = toTable.get(SETTLE.toSeconds(), TimeUnit.SECONDS);
    long rows = rows(at);
    ledger.put("messages produced", produced).put("rows written", rows);
    try (EventCounters counters = new EventCounters(at)) {
      Counts streams = settled(counters, produced + rows);
      ledger.equal("messages + rows", produced + rows, "raw + captured", streams.raw());
      ledger.equal("raw + captured", streams.raw(), "valid + invalid", streams.judged());
      ledger.equal("valid", streams.valid(), "lines in the lake", streams.lakeValid());
      ledger.equal("invalid", streams.invalid(), "lines in the lake", streams.lakeInvalid());
      load(at);
      warehouse(counters, streams);
      online(counters);
    }
    ledger.print();
    return ledger.agrees();
  }

  /** Waits until nothing changes any more for some seconds, or everything is where it belongs. */
  private static Counts settled(EventCounters counters, long expected) throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    Counts counts = counters.countAll();
    while (!(counts.raw() >= expected && counts.isValidated() && counts.isInLake())
        && System.nanoTime() < deadline) {
      TimeUnit.SECONDS.sleep(POLL.toSeconds());
      counts = counters.countAll();
    }
    return counts;
  }

  private void warehouse(EventCounters counters, Counts streams) {
    Tables tables = counters.countTables();
    ledger.equal(
        "valid lines", streams.lakeValid(), "bronze", tables.bronze() + tables.quarantined());
    ledger.equal("distinct events", tables.distinct(), "silver", tables.silver());
    ledger.equal("silver", tables.silver(), "facts", tables.facts());
  }

  private void online(EventCounters counters) throws InterruptedException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    OnlineVerification.Report report = counters.verifyOnline(true, 3);
    while (report.missing() + report.behind() > 0 && System.nanoTime() < deadline) {
      TimeUnit.SECONDS.sleep(POLL.toSeconds());
      report = counters.verifyOnline(true, 3);
    }
    report.first().forEach(difference -> System.err.println(difference));
    ledger.equal("features by SQL", report.rows(), "equal online", report.equal());
    ledger.equal("online only", Math.max(0, report.onlyOnline()), "none", 0);
  }

  /** Runs data_pipeline until it finds nothing new. */
  private void load(Endpoints at) {
    TemporalConfig temporal =
        new TemporalConfig(
            at.temporal().target(),
            at.temporal().namespace(),
            URI.create(at.temporal().uiUrl()),
            Duration.ofSeconds(10));
    try (TemporalConnection connection =
        TemporalConnection.open(temporal, Millrace.settings(console))) {
      String id = connection.runs().trigger(Pipeline.DATA, Map.of("maxObjects", 100_000));
      RunReport report = new RunWatch(console, connection.runs()).await(id, SETTLE, seen -> {});
      if (report.state() != RunReport.RunState.SUCCESS) {
        throw new IllegalStateException("run " + id + " ended " + report.state());
      }
    }
  }

  private static long rows(Endpoints at) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(at.cdc().jdbcUrl(), at.cdc().user(), at.cdc().password());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from " + EventsTable.NAME)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** What was counted, and whether it agrees. */
  private static final class Ledger {
    private final Map<String, Object> all = new LinkedHashMap<>();
    private boolean agrees = true;

    Ledger put(String what, long count) {
      all.put(what, count);
      return this;
    }

    void equal(String left, long leftCount, String right, long rightCount) {
      boolean same = leftCount == rightCount;
      agrees &= same;
      all.put(left + " = " + right, leftCount + (same ? " = " : " != ") + rightCount);
    }

    boolean agrees() {
      return agrees;
    }

    Map<String, Object> all() {
      all.put("agrees", agrees);
      return all;
    }

    void print() {
      all().forEach((what, count) -> System.out.printf("%-40s %s%n", what, count));
    }
  }
}
