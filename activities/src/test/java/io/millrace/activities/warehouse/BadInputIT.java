package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.PipelineException;
import io.millrace.activities.lake.ObjectStore;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.warehouse.DataPipelineParams;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bad input is kept, counted and explained, and harms nothing beside it. */
class BadInputIT extends EmptyWarehouse {
  private static final Duration SOON = Duration.ofSeconds(2);

  @Test
  void rejectsBrokenObjectsAndLoadsTheirNeighbours() throws Exception {
    List<Event> events = TestEvents.some(300);
    byte[] whole = TestLake.gzip(TestLake.lines(events.subList(100, 300)));
    rig.lake.put("good", events.subList(0, 100));
    rig.lake.putBytes("truncated.json.gz", Arrays.copyOf(whole, whole.length / 2));
    rig.lake.putBytes("other.json.gz", TestLake.gzip("PAR1 is another format"));
    rig.lake.putBytes("text.json.gz", TestLake.gzip("not a line\nof this is JSON\n"));
    rig.lake.putBytes("empty.json.gz", TestLake.gzip(""));
    rig.lake.putBytes("_SUCCESS", new byte[0]);

    RunReport report = rig.run();

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(100);
    assertThat(rig.number("SELECT count(*) FROM bronze.events")).isEqualTo(100);
    assertThat(
            rig.rows(
                "SELECT regexp_replace(object_key, '^.*/', ''), reason FROM quarantine.objects"
                    + " JOIN lake.objects USING (object_id) ORDER BY 1"))
        .satisfiesExactly(
            other -> assertThat(other).startsWith("other.json.gz").contains("gzip of Parquet"),
            text -> assertThat(text).contains("None of its 2 lines is a JSON message"),
            cut -> assertThat(cut).startsWith("truncated").contains("damaged"));
    assertThat(report.task("quality_check_raw_data").detail())
        .contains("3 objects rejected", "truncated.json.gz");
    assertThat(rig.run().task("list_new_objects").detail()).contains("No new objects");
  }

  @Test
  void loadsAnObjectOnceItIsMended() throws Exception {
    List<Event> events = TestEvents.some(200);
    byte[] whole = TestLake.gzip(TestLake.lines(events));
    rig.lake.put("good", TestEvents.some(20));
    rig.lake.putBytes("sick.json.gz", Arrays.copyOf(whole, whole.length - 4));
    rig.run();
    rig.lake.putBytes("sick.json.gz", whole);

    rig.run();

    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(200);
    assertThat(rig.rows("SELECT state, count(*) FROM lake.objects GROUP BY 1 ORDER BY 1"))
        .containsExactly("loaded 2", "rejected 1");
  }

  @Test
  void quarantinesLinesWithReasonNumberAndText() throws Exception {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    List<Event> events = TestEvents.some(97);
    lines.writeBytes(TestLake.lines(events));
    lines.writeBytes("{\"payload\":\n".getBytes(StandardCharsets.UTF_8));
    lines.writeBytes(
        "\r\n{\"payload\":{\"brand\":\"a\\u0000\"}}\r\n".getBytes(StandardCharsets.UTF_8));
    Event wild = TestEvents.event("1823-01-01T00:00:00Z", EventType.VIEW, 1, "s");
    lines.writeBytes(TestLake.line(wild));
    rig.lake.putBytes("mixed.json.gz", TestLake.gzip(lines.toByteArray()));

    RunReport report = rig.run();

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(97);
    assertThat(rig.rows("SELECT line_number, reason, raw FROM quarantine.rows ORDER BY 1"))
        .satisfiesExactly(
            cut -> assertThat(cut).startsWith("98 Processing error").endsWith("{\"payload\":"),
            field -> assertThat(field).startsWith("100 Field event_time is required"),
            year ->
                assertThat(year)
                    .startsWith("101 event_time 1823-01-01T00:00:00Z is outside of 1995-01-01 to")
                    .contains("warehouse.earliest-date=1995-01-01"));
  }

  @Test
  void aFailedSuiteBlocksTheRunAndSaysWhyUntilTheLimitAllowsIt() throws Exception {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    lines.writeBytes(TestLake.lines(TestEvents.some(3)));
    lines.writeBytes("{}\n".getBytes(StandardCharsets.UTF_8));
    rig.lake.putBytes("mixed.json.gz", TestLake.gzip(lines.toByteArray()));

    assertThatThrownBy(rig::run)
        .hasStackTraceContaining("quality_check_raw_data failed")
        .hasStackTraceContaining(
            "expect_column_values_to_be_in_set failed on lake.lines.verdict: 1 of 4 values");
    assertThat(rig.number("SELECT count(*) FROM silver.events")).isZero();
    assertThat(rig.rows("SELECT suite, success FROM quality.results"))
        .containsExactly("raw_data_suite false");

    DataPipelineParams params = rig.params();
    RunReport report =
        rig.run(
            new DataPipelineParams(
                params.bucket(),
                params.prefix(),
                params.maxObjects(),
                params.batchObjects(),
                params.batchBytes(),
                params.parallelism(),
                params.minRows(),
                params.maxRows(),
                0.5));

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(rig.number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(3);
  }

  @Test
  void aMissingBucketSaysWhatToDo() {
    DataPipelineParams params = rig.params().withScope("no-such-bucket", "");

    assertThatThrownBy(() -> rig.run(params))
        .hasStackTraceContaining("check_minio_connection failed")
        .hasStackTraceContaining("NOT_FOUND: Bucket no-such-bucket does not exist at http://")
        .hasStackTraceContaining("Create it");
  }

  @Test
  void wrongKeysAndAStoreThatIsDownSayWhatToDo() {
    var s3 = stack.endpoints().s3();
    try (ObjectStore store = new ObjectStore(PipelineFixture.config(s3, "wrong"))) {
      assertThatThrownBy(() -> store.check(rig.lake.bucket()))
          .isInstanceOfSatisfying(
              PipelineException.class,
              e -> assertThat(e.failure()).isEqualTo(PipelineFailure.ACCESS_DENIED))
          .hasMessageContaining("s3.secret-key")
          .hasMessageNotContaining(s3.accessKey());
    }
  }

  @Test
  void aDatabaseThatIsDownOrRefusesSaysWhatToDo() {
    var postgres = stack.endpoints().postgres();
    PostgresConfig refused =
        PostgresConfig.of(postgres.jdbcUrl(), postgres.user(), "wrong").withConnectTimeout(SOON);
    PostgresConfig down =
        PostgresConfig.of("jdbc:postgresql://127.0.0.1:1/x", "u", "p").withConnectTimeout(SOON);

    try (Warehouse warehouse = new Warehouse(refused)) {
      assertThatThrownBy(() -> warehouse.transaction(sql -> sql.execute("SELECT 1")))
          .isInstanceOfSatisfying(
              PipelineException.class,
              e -> assertThat(e.failure()).isEqualTo(PipelineFailure.ACCESS_DENIED))
          .hasMessageContaining("postgres.password");
    }
    try (Warehouse warehouse = new Warehouse(down)) {
      assertThatThrownBy(() -> warehouse.transaction(sql -> sql.execute("SELECT 1")))
          .isInstanceOfSatisfying(
              PipelineException.class,
              e -> assertThat(e.failure()).isEqualTo(PipelineFailure.UNAVAILABLE))
          .hasMessageContaining("Is it running?");
    }
  }
}
