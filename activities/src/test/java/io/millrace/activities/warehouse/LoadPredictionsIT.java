package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.lake.CompactionActivitiesImpl;
import io.millrace.activities.lake.PredictionActivitiesImpl;
import io.millrace.core.serving.PredictionMessage;
import io.millrace.engine.DataInterval;
import io.millrace.engine.NodeState;
import io.millrace.workflows.lake.CompactionActivities;
import io.millrace.workflows.lake.CompactionParams;
import io.millrace.workflows.lake.IngestResult;
import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeHours;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import io.millrace.workflows.serving.PredictionActivities;
import io.temporal.testing.TestActivityEnvironment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logged predictions get to the warehouse once, and hinder no other pipeline. */
class LoadPredictionsIT extends EmptyWarehouse {
  private static final Instant TIME = Instant.parse("2026-11-21T10:20:30.123456Z");

  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private PredictionActivities predictions;

  @BeforeEach
  void start() throws Exception {
    temporal.registerActivitiesImplementations(
        new PredictionActivitiesImpl(rig.store(), rig.warehouse));
    predictions = temporal.newActivityStub(PredictionActivities.class);
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  private static PredictionMessage message(int i) {
    return new PredictionMessage(
        TIME.plusSeconds(i),
        "id-" + i,
        "request",
        i,
        "shop",
        "7",
        "champion",
        i % 2 == 0 ? 5L : null,
        i % 2 == 0 ? 6L : null,
        "{\"brand\":\"ü\\\"\",\"price\":129.5,\"level\":null}",
        i == 1 ? List.of(0.1f, 0.9f) : List.of(0.25f),
        0.5);
  }

  private static byte[] lines(List<byte[]> messages) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      lines.writeBytes(message);
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  private static List<byte[]> messages(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> message(i).bytes()).toList();
  }

  private IngestResult load() {
    LakeScope scope = new LakeScope(rig.lake.bucket(), TestLake.PREFIX);
    List<LakeBatch> batches = predictions.listNew(new LakeListing(scope, 100, 100, 1 << 20));
    assertThat(batches).hasSize(1);
    IngestResult result = predictions.load(batches.get(0));
    // As after a lost answer: the second attempt finds everything done.
    assertThat(predictions.load(batches.get(0)).rows()).isZero();
    return result;
  }

  @Test
  void replacesThePredictionsOfAnHour() throws Exception {
    String hour = "year=2026/month=11/day=21/hour=10/";
    rig.lake.putBytes(hour + "a.json.gz", TestLake.gzip(lines(messages(0, 30))));
    rig.lake.putBytes(hour + "b.json.gz", TestLake.gzip(lines(messages(20, 60))));
    load();
    rig.lake.putBytes(hour + "a.json.gz", TestLake.gzip(lines(messages(0, 10))));
    LakeHours hours = LakeHours.of(new DataInterval(TIME.minusSeconds(60), TIME.minusSeconds(60)));

    for (int i = 0; i < 2; i++) {
      LakeScope scope = new LakeScope(rig.lake.bucket(), TestLake.PREFIX);
      List<LakeBatch> batches =
          predictions.listNew(new LakeListing(scope, 100, 100, 1 << 20, null, hours, null, null));
      assertThat(batches).singleElement().extracting(LakeBatch::hour).isNotNull();
      assertThat(predictions.load(batches.get(0)).objects()).isEqualTo(2);
    }

    assertThat(rig.number("SELECT count(*) FROM dwh.predictions")).isEqualTo(50);
    assertThatThrownBy(this::load).hasStackTraceContaining("No new objects under");
  }

  @Test
  void loadsOrExplainsAPredictionAtTheLimits() throws Exception {
    String most = "\uD83D\uDE00".repeat(127);
    List<byte[]> good =
        List.of(
            limit("a", Instant.parse("2000-01-01T00:00:00Z"), Long.MIN_VALUE, Float.MIN_VALUE),
            limit("b", Instant.parse("2099-12-31T23:59:59.999999Z"), Long.MAX_VALUE, -0f),
            limit(most, TIME, 0L, Float.MAX_VALUE),
            limit("", TIME, -1L, -Float.MAX_VALUE));
    String message = new String(good.get(0), StandardCharsets.UTF_8).replace("\"a\"", "\"z\"");
    List<String> bad =
        List.of(
            message.replace("1.4E-45", "3.5e38"),
            message.replace("1.4E-45", "1e400"),
            message.replace("\"z\"", "\"\\ud800\""),
            message.replace("\"features\":{", "\"features\":{\"x\":\"\\udc00\","),
            message.replace("\"features\":{", "\"features\":{\"\\u0000\":1,"),
            message.replace("2000-01-01", "1999-12-31"),
            message.replace("\"z\"", "\"" + "x".repeat(256) + "\""),
            message.replace("\"row\":0", "\"row\":9223372036854775808"));
    List<byte[]> all = new ArrayList<>(good);
    bad.forEach(line -> all.add(line.getBytes(StandardCharsets.UTF_8)));
    rig.lake.putBytes("limits.json.gz", TestLake.gzip(lines(all)));

    IngestResult result = load();

    assertThat(result.rows()).isEqualTo(good.size());
    assertThat(result.quarantinedRows()).isEqualTo(bad.size());
    assertThat(rig.rows("SELECT user_id, score FROM dwh.predictions ORDER BY user_id"))
        .containsExactly(
            Long.MIN_VALUE + " 1.4E-45",
            "-1 -3.4028235E38",
            "0 3.4028235E38",
            Long.MAX_VALUE + " -0.0");
    assertThat(rig.rows("SELECT reason FROM quarantine.rows ORDER BY line_number"))
        .hasSize(bad.size())
        .allSatisfy(reason -> assertThat(reason).contains("must"));
  }

  private static byte[] limit(String id, Instant time, long user, float score) {
    return new PredictionMessage(
            time,
            id,
            id,
            0,
            id,
            id,
            id,
            user,
            user,
            "{\"price\":1.7976931348623157e308,\"small\":4.9e-324,\"text\":\"\u202E\\u0001\"}",
            List.of(score),
            Double.MIN_VALUE)
        .bytes();
  }

  @Test
  void loadsEachPredictionOnce() throws Exception {
    rig.lake.putBytes("a.json.gz", TestLake.gzip(lines(messages(0, 1_500))));
    // Another object repeats some, as after a stream went back to an older savepoint.
    rig.lake.putBytes("b.json.gz", TestLake.gzip(lines(messages(1_000, 2_000))));

    assertThat(load().rows()).isEqualTo(2_000);

    assertThat(rig.number("SELECT count(*) FROM dwh.predictions")).isEqualTo(2_000);
    assertThat(
            rig.rows(
                "SELECT predicted_at = '2026-11-21T10:20:31.123456Z', request_id, row_index, model,"
                    + " version, alias, user_id, product_id, scores::text, score, latency_ms,"
                    + " features ->> 'brand', features -> 'price', features -> 'level'"
                    + " FROM dwh.predictions WHERE prediction_id = 'id-1'"))
        .containsExactly(
            "true request 1 shop 7 champion null null {0.1,0.9} 0.1 0.5 ü\" 129.5 null");
    assertThat(rig.rows("SELECT user_id, score FROM dwh.predictions WHERE prediction_id = 'id-2'"))
        .containsExactly("5 0.25");
    assertThatThrownBy(this::load).hasStackTraceContaining("No new objects under");
    assertThat(rig.number("SELECT sum(event_rows) FROM lake.objects")).isEqualTo(2_500);
  }

  @Test
  void keepsWhatIsNoPredictionAndLoadsItsNeighbours() throws Exception {
    List<byte[]> some = List.of(message(0).bytes(), bytes("{\"row\":1}"), message(1).bytes());
    byte[] whole = TestLake.gzip(lines(messages(10, 500)));
    rig.lake.putBytes("mixed.json.gz", TestLake.gzip(lines(some)));
    rig.lake.putBytes("text.json.gz", TestLake.gzip("no\nJSON\n"));
    rig.lake.putBytes("truncated.json.gz", Arrays.copyOf(whole, whole.length / 2));

    IngestResult result = load();

    assertThat(result.rows()).isEqualTo(2);
    assertThat(result.quarantinedRows()).isEqualTo(1);
    assertThat(result.rejectedObjects()).isEqualTo(2);
    assertThat(rig.number("SELECT count(*) FROM dwh.predictions")).isEqualTo(2);
    assertThat(rig.rows("SELECT line_number, reason FROM quarantine.rows"))
        .containsExactly("2 features is missing");
  }

  @Test
  void loadsPredictionsHoweverTheirObjectIsLaidOut() throws Exception {
    List<String> texts =
        messages(0, 9).stream().map(json -> new String(json, StandardCharsets.UTF_8)).toList();
    String pretty = texts.get(6).replace(",\"", ",\n  \"");
    rig.lake.putBytes("array", bytes("[" + String.join(",\n", texts.subList(0, 3)) + ",{}]"));
    rig.lake.putBytes("one.JSON", bytes(String.join("", texts.subList(3, 6))));
    rig.lake.putBytes("pretty.gz", TestLake.gzip(pretty));
    rig.lake.putBytes("members.jsonl", TestLake.gzipOfLines(messages(7, 9)));

    IngestResult result = load();

    assertThat(result.rows()).isEqualTo(9);
    assertThat(result.quarantinedRows()).isEqualTo(1);
    assertThat(rig.rows("SELECT line_number FROM quarantine.rows")).containsExactly("4");
  }

  @Test
  void leavesNothingForTheDataPipelineToDo() throws Exception {
    rig.lake.putBytes("a.json.gz", TestLake.gzip(lines(messages(0, 10))));
    load();

    assertThat(rig.run().task("list_new_objects").state()).isEqualTo(NodeState.SKIPPED);
  }

  @Test
  void isCompactedAsTheEventsAreAndNotLoadedAgain() throws Exception {
    for (int i = 0; i < 3; i++) {
      rig.lake.putBytes(
          "hour=00/" + i + ".json.gz", TestLake.gzip(lines(messages(10 * i, 10 * i + 10))));
    }
    load();
    temporal.registerActivitiesImplementations(
        new CompactionActivitiesImpl(rig.store(), rig.warehouse, Clock.systemUTC()));
    CompactionActivities compaction = temporal.newActivityStub(CompactionActivities.class);
    CompactionParams params =
        new CompactionParams(rig.lake.bucket(), TestLake.PREFIX, 0, 3, 1 << 20, 10, 2, Map.of());

    assertThat(compaction.compact(compaction.plan(params).get(0)).objects()).isEqualTo(3);

    assertThat(rig.lake.lines("hour=00/")).hasSize(30);
    assertThatThrownBy(this::load).hasStackTraceContaining("No new objects under");
    assertThat(rig.number("SELECT count(*) FROM dwh.predictions")).isEqualTo(30);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
