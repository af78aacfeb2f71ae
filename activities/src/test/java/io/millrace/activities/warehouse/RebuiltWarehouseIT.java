package io.millrace.activities.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.lake.CompactionActivitiesImpl;
import io.millrace.core.events.Event;
import io.millrace.engine.RunReport.RunState;
import io.millrace.workflows.lake.CompactionParams;
import io.millrace.workflows.lake.CompactionTarget;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an empty warehouse loads of a lake that was compacted is what was loaded of it before. */
class RebuiltWarehouseIT extends EmptyWarehouse {
  /** The rows of each table, without the ids that say which object brought them. */
  private static final List<String> CONTENT =
      List.of(
          "SELECT event_id, count(*) FROM bronze.events GROUP BY 1 ORDER BY 1",
          "SELECT event_timestamp, product_id, category_id, user_id, price, event_id, event_type,"
              + " user_session, brand, category_code FROM silver.events ORDER BY event_id",
          "SELECT * FROM silver.sessions ORDER BY user_session",
          "SELECT * FROM dwh.dim_product ORDER BY product_id",
          "SELECT * FROM dwh.dim_category ORDER BY category_id",
          "SELECT event_type, user_id, product_id, event_timestamp, user_session, events_in_session"
              + " FROM dwh.fact_events ORDER BY 1, 2, 3, 4, 5",
          "SELECT reason, raw FROM quarantine.rows ORDER BY 1, 2");

  private final List<Event> events = TestEvents.some(300);

  @Test
  void isThatOfTheLakeBeforeItsObjectsBecameOne() throws Exception {
    putOneOfEachKind();
    assertThat(rig.run().state()).isEqualTo(RunState.SUCCESS);
    List<List<String>> before = content(rig);
    assertThat(before.get(0)).hasSize(300);

    compact();
    // Once more: what was compacted can be compacted with what came later.
    rig.lake.put("hour=00/z-late", events.subList(0, 10));
    rig.lake.put("hour=00/z-later", events.subList(0, 10));
    rig.run();
    before = content(rig);
    compact();

    assertThat(rig.lake.keys("hour=00/"))
        .satisfiesExactly(
            array -> assertThat(array).endsWith("array.json"),
            compacted -> assertThat(compacted).contains("compacted-"));
    try (PipelineFixture empty = PipelineFixture.onLakeOf(rig, stack.endpoints())) {
      assertThat(empty.run().state()).isEqualTo(RunState.SUCCESS);
      assertThat(content(empty)).isEqualTo(before);
      assertThat(empty.number("SELECT count(*) FROM quarantine.objects")).isZero();
    }
  }

  /** Each ends in its own way, so that its bytes could not simply come before another's. */
  private void putOneOfEachKind() throws Exception {
    rig.lake.putBytes("hour=00/array.json", array(events.subList(200, 300)));
    rig.lake.putBytes("hour=00/a-open.json.gz", TestLake.gzip(open(events.subList(0, 20))));
    rig.lake.putBytes("hour=00/b-plain.json.gz", open(events.subList(20, 40)));
    rig.lake.putBytes("hour=00/c-plain.jsonl", TestLake.lines(events.subList(40, 60)));
    rig.lake.putBytes(
        "hour=00/d-padded", Arrays.copyOf(TestLake.gzip(open(events.subList(60, 80))), 9_000));
    rig.lake.putBytes(
        "hour=00/e-marked.json",
        ("\uFEFF" + new String(open(events.subList(80, 100)), UTF_8)).getBytes(UTF_8));
    rig.lake.putBytes(
        "hour=00/f-members.gz",
        TestLake.gzipOfLines(events.subList(100, 200).stream().map(TestLake::line).toList()));
    rig.lake.putBytes("hour=00/g-empty.json", new byte[0]);
    rig.lake.putBytes(
        "hour=00/h-bad.json",
        (new String(TestLake.lines(events.subList(0, 40)), UTF_8) + "\n{\"broken\r\n")
            .getBytes(UTF_8));
  }

  /** What the store has may be damaged after it was loaded, or have been loaded in part before. */
  @Test
  void isNotLeftWithoutEventsThatADamagedObjectWouldHide() throws Exception {
    for (int i = 0; i < 3; i++) {
      rig.lake.put("hour=00/part-" + i, events.subList(10 * i, 10 * i + 10));
    }
    rig.run();
    byte[] whole = TestLake.gzip(TestLake.lines(events.subList(10, 20)));
    rig.lake.putBytes("hour=00/part-4.json.gz", Arrays.copyOf(whole, whole.length - 3));
    rig.lake.put("hour=00/part-3", events.subList(30, 40));
    // As an older build would have it, which did not see the damage.
    rig.run();
    execute("DELETE FROM quarantine.objects");
    execute("UPDATE lake.objects SET state = 'loaded', event_rows = 0 WHERE state = 'rejected'");
    List<String> keys = rig.lake.keys("hour=00/");

    assertThatThrownBy(this::compact)
        .hasStackTraceContaining("part-4.json.gz is damaged")
        .hasStackTraceContaining("gzip member 1")
        .hasStackTraceContaining("backfill");

    assertThat(rig.lake.keys("hour=00/")).isEqualTo(keys);
    assertThat(rig.number("SELECT count(*) FROM lake.objects WHERE compacted_into IS NOT NULL"))
        .isZero();
  }

  private void execute(String statement) {
    rig.warehouse.transaction(sql -> sql.execute(statement));
  }

  private void compact() {
    CompactionParams params =
        new CompactionParams(rig.lake.bucket(), TestLake.PREFIX, 0, 3, 1 << 20, 10, 2, Map.of());
    try (Compaction compaction =
        new Compaction(
            new CompactionActivitiesImpl(rig.store(), rig.warehouse, Clock.systemUTC()))) {
      List<CompactionTarget> targets = compaction.plan(params);
      assertThat(targets).hasSize(1);
      compaction.compact(targets.get(0));
    }
  }

  private static List<List<String>> content(PipelineFixture rig) {
    List<List<String>> content = new ArrayList<>();
    CONTENT.forEach(sql -> content.add(rig.rows(sql)));
    return content;
  }

  /** Lines of which the last has no end. */
  private static byte[] open(List<Event> some) {
    byte[] lines = TestLake.lines(some);
    return Arrays.copyOf(lines, lines.length - 1);
  }

  private static byte[] array(List<Event> some) {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    char before = '[';
    for (Event event : some) {
      array.write(before);
      array.writeBytes(TestLake.line(event));
      before = ',';
    }
    array.write(']');
    return array.toByteArray();
  }
}
