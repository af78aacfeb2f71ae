package io.millrace.bench.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import io.millrace.bench.Given;
import io.millrace.bench.PeerPython;
import io.millrace.bench.engine.EngineDag.Params;
import io.millrace.bench.engine.EngineDag.Shape;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * What the engine costs a task, beside Airflow with its LocalExecutor on PostgreSQL.
 *
 * <p>Usage: {@code EngineBench [--json FILE] [--runs 3] [--only single,chain,grid,fanout,shapes,
 * mapped10000,schedules,backfill] [--no-peers]}.
 */
public final class EngineBench {
  private static final String ALL =
      "single,chain,grid,fanout,shapes,mapped10000,schedules,backfill";

  private static final int FANOUT = 500;
  private static final int MANY = 10_000;

  /** So that the compilers of this process are done with the paths that are measured. */
  private static final int WARM_UP_RUNS = 20;

  private EngineBench() {}

  public static void main(String[] args) throws Exception {
    Given given = Given.of(args);
    Path json = Path.of(given.value("--json", "target/bench-engine.json")).toAbsolutePath();
    int runs = given.number("--runs", 3);
    Set<String> only = new LinkedHashSet<>(List.of(given.value("--only", ALL).split(",")));
    boolean schedules = only.remove("schedules");
    boolean backfill = only.remove("backfill");
    ObjectNode result = Figures.JSON.createObjectNode().put("bench", "engine").put("runs", runs);
    result.put("cores", Runtime.getRuntime().availableProcessors());
    result.put("ratios", "their median wall time over ours; above 1 we are faster");
    result.put("load_before", Figures.load());
    try (LocalStack stack = LocalStack.forTests(Component.TEMPORAL)) {
      try (EngineLoad load =
          new EngineLoad(temporalTarget(stack), pid(stack, Component.TEMPORAL))) {
        load.measure(new Params(Shape.CHAINS, 10, 20, false), 200, WARM_UP_RUNS);
        load.measure(new Params(Shape.CHAINS, 10, 20, true), 200, WARM_UP_RUNS);
        result.set("millrace", ours(load, only, runs, false));
        result.set("millrace_local", ours(load, only, runs, true));
        if (schedules) {
          System.err.println("schedules ...");
          result.set("schedules", load.measureSchedules());
        }
      }
      if (backfill) {
        System.err.println("backfill ...");
        try (EngineBackfill year =
            new EngineBackfill(temporalTarget(stack), Path.of("target/bench-engine"))) {
          result.set("backfill", year.measure());
        }
      }
    }
    if (!given.has("--no-peers")) {
      result.set("airflow", airflow(Path.of("target/bench-engine").toAbsolutePath(), runs));
      ratios(result);
    }
    result.put("load_after", Figures.load());
    Figures.write(result, json);
    System.exit(0); // clients of servers that are gone may hold threads
  }

  private static ObjectNode ours(EngineLoad load, Set<String> only, int runs, boolean local)
      throws TimeoutException {
    ObjectNode ours = Figures.JSON.createObjectNode();
    for (String part : only) {
      System.err.printf("%s%s ...%n", part, local ? ", local tasks" : "");
      switch (part) {
        case "single" ->
            ours.set(part, load.measure(new Params(Shape.CHAIN, 1, 1, local), 1, 10 * runs));
        case "chain" ->
            ours.set(part, load.measure(new Params(Shape.CHAIN, 40, 1, local), 40, runs));
        case "grid" ->
            ours.set(part, load.measure(new Params(Shape.CHAINS, 10, 10, local), 100, runs));
        case "fanout" ->
            ours.set(part, load.measure(new Params(Shape.MAP, FANOUT, 1, local), FANOUT + 1, runs));
        case "shapes" -> {
          ours.set("100x10", load.measureTogether(new Params(Shape.CHAIN, 10, 1, local), 10, 100));
          ours.set("10x100", load.measureTogether(new Params(Shape.CHAIN, 100, 1, local), 100, 10));
          ours.set("tree", load.measure(new Params(Shape.TREE, 4, 10, local), 1111, 1));
        }
        case "mapped10000" ->
            ours.set(part, load.measure(new Params(Shape.MAP, MANY, 1, local), MANY + 1, 1));
        default -> throw new IllegalArgumentException("No part '%s'".formatted(part));
      }
    }
    return ours;
  }

  private static JsonNode airflow(Path work, int runs) throws Exception {
    PeerPython python =
        PeerPython.ready(Path.of("bench/peers").toAbsolutePath(), work, "engine-requirements.lock");
    try (LocalStack stack = LocalStack.forTests(Component.POSTGRES)) {
      Map<String, String> environment =
          new HashMap<>(PeerPython.libpq(stack.endpoints().postgres()));
      environment.put("PG_PID", Long.toString(pid(stack, Component.POSTGRES)));
      return python.airflow(FANOUT, runs, environment);
    }
  }

  private static void ratios(ObjectNode result) {
    for (String side : List.of("millrace", "millrace_local")) {
      String suffix = side.substring("millrace".length());
      for (String part : List.of("chain", "grid", "fanout")) {
        JsonNode ours = result.path(side).path(part);
        JsonNode theirs = result.path("airflow").path(part);
        if (ours.isMissingNode() || theirs.isMissingNode()) {
          continue;
        }
        String name = part.equals("fanout") ? "map" : part;
        result.put(
            name + suffix + "_ratio",
            theirs.path("wall_s_p50").asDouble() / ours.path("wall_s_p50").asDouble());
        result.put(
            name + suffix + "_cpu_ratio",
            theirs.path("own_cpu_ms_per_task").asDouble()
                / ours.path("cpu_ms_per_task").asDouble());
      }
    }
    result.set("schedules_delay_ms_p99", result.at("/schedules/delay_ms_p99"));
    result.set("first_task_p50_ms", result.at("/millrace/single/first_start_ms_p50"));
    result.set("mapped_10000_seconds", result.at("/millrace/mapped10000/wall_s_p50"));
    result.set("cpu_ratio", result.path("chain_cpu_ratio"));
  }

  private static String temporalTarget(LocalStack stack) {
    return stack.endpoints().temporal().target();
  }

  private static long pid(LocalStack stack, Component component) {
    return stack.stack().status().stream()
        .filter(row -> row.name().equals(component.id()))
        .findFirst()
        .orElseThrow()
        .pid();
  }
}
