package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.lake.CompactionActivitiesImpl;
import io.millrace.core.events.Event;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.workflows.lake.CompactionParams;
import io.millrace.workflows.lake.CompactionTarget;
import io.millrace.workflows.lake.LakeHours;
import io.temporal.client.WorkflowFailedException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A run of certain hours leaves the warehouse with what one load of the lake's objects would give,
 * whatever was loaded of them before, how often, and in which order.
 */
class ReplacedHoursIT extends EmptyWarehouse {
  private static final Instant FIRST = Instant.parse("2019-10-04T00:00:00Z");

  private final List<Event> events = TestEvents.some(600);
  private final TreeMap<Instant, List<Event>> byHour =
      events.stream()
          .collect(
              Collectors.groupingBy(
                  event -> event.eventTime().truncatedTo(ChronoUnit.HOURS),
                  TreeMap::new,
                  Collectors.toList()));
  private final AtomicReference<InterruptedRunIT.Stop> stop =
      new AtomicReference<>(InterruptedRunIT.Stop.NOWHERE);

  /** The lake as it should be: events by the name of their object. */
  private final Map<String, List<Event>> objects = new TreeMap<>();

  @Test
  void aRunOfAnHourTakesThatHourAlone() throws Exception {
    putAll("part");

    RunReport report = rig.runHours(hour(3), hour(4));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("ingest_raw_data").progress()).isEqualTo("1/1");
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events"))
        .isEqualTo(byHour.get(hour(3)).size());
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events WHERE event_hour <> 3")).isZero();
    rig.run();
    assertContentIsThatOfOneLoad();
  }

  @Test
  void anHourWithoutObjectsIsSkippedAndSaysSo() throws Exception {
    RunReport report = rig.runHours(hour(0), hour(1));

    assertThat(report.task("list_new_objects").state()).isEqualTo(NodeState.SKIPPED);
    assertThat(report.task("list_new_objects").detail())
        .startsWith("No objects in 2019-10-04T00:00Z..2019-10-04T01:00Z under topics/");
    assertThat(report.task("quality_check_gold_data").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void loadingAnHourAgainChangesNothingButReplacesEveryRow() throws Exception {
    putAll("part");
    rig.run();
    String rows =
        "SELECT DISTINCT xmin FROM bronze.events WHERE event_time >= '2019-10-04 05:00Z'"
            + " AND event_time < '2019-10-04 06:00Z'";
    List<String> before = rig.rows(rows);

    RunReport report = rig.runHours(hour(5), hour(6));

    int replaced = byHour.get(hour(5)).size();
    assertThat(report.task("load_dimensions_and_facts").detail())
        .contains(replaced + " facts replaced");
    assertThat(rig.rows(rows)).doesNotContainAnyElementsOf(before);
    assertContentIsThatOfOneLoad();
  }

  @Test
  void whatChangedOrDisappearedIsReplacedAndWhatAnotherObjectBroughtStays() throws Exception {
    List<Event> five = byHour.get(hour(5));
    put(hour(5), "kept", five.subList(0, 4));
    put(hour(5), "changed", five.subList(2, 9)); // two of them twice
    put(hour(5), "deleted", five.subList(6, five.size()));
    put(hour(6), "other", byHour.get(hour(6)));
    put(null, "elsewhere", five.subList(10, 12)); // of that hour, but not in its folder
    rig.run();
    put(hour(5), "changed", five.subList(3, 5));
    remove(hour(5), "deleted");

    assertThat(rig.runHours(hour(5), hour(6)).state()).isEqualTo(RunState.SUCCESS);

    assertContentIsThatOfOneLoad();
    put(hour(5), "deleted", five.subList(6, five.size()));
    rig.run(); // the version that was there before comes back as a late object
    assertContentIsThatOfOneLoad();
  }

  @Test
  void compactedObjectsAreReplacedByTheOneThatHoldsTheirLines() throws Exception {
    List<Event> five = byHour.get(hour(5));
    for (int i = 0; i < 4; i++) {
      put(hour(5), "part-" + i, five.subList(2 * i, 2 * i + 2));
    }
    rig.run();
    compact();
    assertThat(rig.lake.keys(folder(hour(5)))).hasSize(1);

    rig.runHours(hour(5), hour(6));
    rig.runHours(hour(5), hour(6));

    assertThat(rig.number("SELECT count(*) FROM bronze.events")).isEqualTo(8);
    assertThat(rig.number("SELECT count(DISTINCT object_id) FROM bronze.events")).isEqualTo(1);
    assertContentIsThatOfOneLoad();
    assertThat(rig.run().task("list_new_objects").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void anHourWhoseObjectsAreAllGoneKeepsItsRowsUnlessTheParamSaysOtherwise() throws Exception {
    put(hour(5), "only", byHour.get(hour(5)));
    put(hour(6), "other", byHour.get(hour(6)));
    rig.run();
    List<List<String>> before = content(rig);
    remove(hour(5), "only");

    RunReport skipped = rig.runHours(hour(5), hour(6));

    assertThat(skipped.task("list_new_objects").detail())
        .contains("the rows of 1 objects that were loaded and are gone stay");
    assertThat(content(rig)).isEqualTo(before);
    assertThat(rig.runHours(hour(5), hour(6), true).state()).isEqualTo(RunState.SUCCESS);
    assertContentIsThatOfOneLoad();
    assertThat(rig.runHours(hour(5), hour(6), true).task("list_new_objects").state())
        .isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void whatRetentionDeletedKeepsItsRows() throws Exception {
    put(hour(5), "old", byHour.get(hour(5)).subList(0, 5));
    rig.run();
    retain();
    assertThat(rig.lake.keys(folder(hour(5)))).isEmpty();
    rig.lake.put(folder(hour(5)) + "late", byHour.get(hour(5)).subList(5, 8));
    objects.put(folder(hour(5)) + "late", byHour.get(hour(5)).subList(5, 8));

    rig.runHours(hour(5), hour(6));

    assertContentIsThatOfOneLoad();
  }

  @Test
  void anObjectThatTurnsOutUnreadableGivesUpItsRowsAlone() throws Exception {
    put(hour(5), "good", byHour.get(hour(5)).subList(0, 4));
    put(hour(5), "bad", byHour.get(hour(5)).subList(4, 8));
    rig.run();
    rig.lake.putBytes(folder(hour(5)) + "bad.json.gz", "no gzip".getBytes(StandardCharsets.UTF_8));
    objects.remove(folder(hour(5)) + "bad");

    RunReport report = rig.runHours(hour(5), hour(6));

    assertThat(report.task("quality_check_raw_data").detail()).contains("1 objects rejected");
    assertContentIsThatOfOneLoad();
    assertThat(rig.runHours(hour(5), hour(6)).state()).isEqualTo(RunState.SUCCESS);
  }

  /** Silver and gold show the hour as it was until each of them can show it as it is. */
  @Test
  void anHourThatIsInterruptedAnywhereIsOldOrNewAndIsCompletedByTheNextRun() throws Exception {
    for (InterruptedRunIT.Stop point : InterruptedRunIT.Stop.values()) {
      objects.clear();
      try (PipelineFixture stopping =
          PipelineFixture.start(
              stack.endpoints(), real -> new InterruptedRunIT.StopWithSavepoint(real, stop))) {
        PipelineFixture outer = rig;
        rig = stopping;
        try {
          put(hour(5), "part", byHour.get(hour(5)));
          put(hour(6), "other", byHour.get(hour(6)));
          rig.run();
          List<String> facts = rig.rows(InterruptedRunIT.CONTENT.get(0));
          put(hour(5), "part", byHour.get(hour(5)).subList(0, 3));
          stop.set(point);
          if (point != InterruptedRunIT.Stop.NOWHERE) {
            assertThatThrownBy(() -> rig.runHours(hour(5), hour(6)))
                .hasStackTraceContaining("stopped " + point);
          }
          if (point != InterruptedRunIT.Stop.NOWHERE && point != InterruptedRunIT.Stop.AFTER_GOLD) {
            assertThat(rig.rows(InterruptedRunIT.CONTENT.get(0))).isEqualTo(facts);
          }
          stop.set(InterruptedRunIT.Stop.NOWHERE);
          if (point == InterruptedRunIT.Stop.NOWHERE) {
            rig.runHours(hour(5), hour(6));
          } else {
            rig.run(); // of whatever kind
          }
          assertContentIsThatOfOneLoad();
        } finally {
          rig = outer;
        }
      }
    }
  }

  @Test
  void aLateObjectOfAnOldHourIsNewWhateverHourItIs() throws Exception {
    put(hour(5), "part", byHour.get(hour(5)).subList(0, 4));
    put(hour(6), "part", byHour.get(hour(6)));
    rig.runHours(hour(5), hour(7));
    put(hour(5), "late", byHour.get(hour(5)).subList(2, 9));

    rig.run();

    assertContentIsThatOfOneLoad();
  }

  /**
   * Any order and repetition of runs, interrupted or not, over any partition of the events into
   * objects, which are changed, deleted and compacted between them.
   */
  @Test
  void anyRunsInAnyOrderGiveWhatOneLoadGives() throws Exception {
    for (long seed = 1; seed <= 4; seed++) {
      Random random = new Random(seed);
      objects.clear();
      try (PipelineFixture fresh =
          PipelineFixture.start(
              stack.endpoints(), real -> new InterruptedRunIT.StopWithSavepoint(real, stop))) {
        PipelineFixture outer = rig;
        rig = fresh;
        try {
          for (int step = 0; step < 14; step++) {
            step(random);
          }
          rig.runHours(hour(0), hour(48), true);
          rig.run();
          assertContentIsThatOfOneLoad();
        } finally {
          rig = outer;
        }
      }
    }
  }

  private void step(Random random) throws Exception {
    Instant hour = List.copyOf(byHour.keySet()).get(random.nextInt(byHour.size()));
    List<Event> of = byHour.get(hour);
    switch (random.nextInt(7)) {
      case 0, 1, 2 -> {
        int from = random.nextInt(of.size());
        put(
            hour,
            "part-" + random.nextInt(3),
            of.subList(from, from + 1 + random.nextInt(of.size() - from)));
      }
      case 3 -> {
        List<String> names = new ArrayList<>(objects.keySet());
        if (names.size() > 1) {
          String name = names.get(random.nextInt(names.size()));
          rig.lake.remove(name);
          objects.remove(name);
        }
      }
      case 4 -> interrupted(random, () -> rig.run());
      case 5 -> {
        Instant to = hour.plus(1 + random.nextInt(5), ChronoUnit.HOURS);
        interrupted(random, () -> rig.runHours(hour, to, true));
      }
      default -> compact();
    }
  }

  /** Stops a run at any place, or nowhere. */
  private void interrupted(Random random, Runnable run) {
    InterruptedRunIT.Stop[] all = InterruptedRunIT.Stop.values();
    stop.set(all[random.nextInt(all.length)]);
    try {
      run.run();
    } catch (WorkflowFailedException | CompletionException e) {
      assertThat(e).hasStackTraceContaining("stopped " + stop.get());
    } finally {
      stop.set(InterruptedRunIT.Stop.NOWHERE);
    }
  }

  private void putAll(String name) throws Exception {
    for (Map.Entry<Instant, List<Event>> hour : byHour.entrySet()) {
      put(hour.getKey(), name, hour.getValue());
    }
  }

  private void put(Instant hour, String name, List<Event> content) throws Exception {
    String object = (hour == null ? "" : folder(hour)) + name;
    rig.lake.put(object, content);
    objects.put(object, List.copyOf(content));
  }

  private void remove(Instant hour, String name) throws Exception {
    rig.lake.remove(folder(hour) + name);
    objects.remove(folder(hour) + name);
  }

  /** Compaction changes names and no line. */
  private void compact() throws Exception {
    var compaction = new CompactionActivitiesImpl(rig.store(), rig.warehouse, Clock.systemUTC());
    CompactionParams params =
        new CompactionParams(rig.lake.bucket(), TestLake.PREFIX, 0, 2, 1 << 20, 100, 2, Map.of());
    try (Compaction in = new Compaction(compaction)) {
      for (CompactionTarget target : in.plan(params)) {
        in.compact(target);
        String folder =
            target.name().substring(TestLake.PREFIX.length(), target.name().lastIndexOf('/') + 1);
        List<Event> lines = new ArrayList<>();
        for (String name : List.copyOf(objects.keySet())) {
          if (name.startsWith(folder) && !rig.lake.keys(folder).contains(key(name))) {
            lines.addAll(objects.remove(name));
          }
        }
        String name = target.name().replaceFirst("^" + TestLake.PREFIX, "");
        objects.put(name.replaceFirst("\\.json\\.gz$", ""), lines);
      }
    }
  }

  private void retain() {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
    try (Compaction in =
        new Compaction(new CompactionActivitiesImpl(rig.store(), rig.warehouse, later))) {
      in.retain(rig.lake.bucket());
    }
  }

  private static String key(String name) {
    return TestLake.PREFIX + name + ".json.gz";
  }

  private static Instant hour(int number) {
    return FIRST.plus(number, ChronoUnit.HOURS);
  }

  private static String folder(Instant hour) {
    return LakeHours.folder("", hour);
  }

  private void assertContentIsThatOfOneLoad() throws Exception {
    try (PipelineFixture other = PipelineFixture.start(stack.endpoints())) {
      for (Map.Entry<String, List<Event>> object : objects.entrySet()) {
        other.lake.put(object.getKey(), object.getValue());
      }
      if (!objects.isEmpty()) {
        other.run();
      }
      assertThat(content(rig)).isEqualTo(content(other));
    }
    assertThat(rig.number("SELECT count(*) FROM silver.replaced_events")).isZero();
    assertThat(
            rig.number(
                "SELECT count(*) FROM lake.slices WHERE replacing OR event_rows = 0"
                    + " OR finished_at IS NULL"))
        .isZero();
  }

  private static List<List<String>> content(PipelineFixture rig) {
    List<String> queries = new ArrayList<>(InterruptedRunIT.CONTENT);
    queries.add("SELECT event_id, count(*) FROM bronze.events GROUP BY 1 ORDER BY 1");
    queries.add("SELECT event_id, price, brand FROM silver.events ORDER BY 1");
    return queries.stream().map(rig::rows).toList();
  }
}
