package io.millrace.activities.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.RawEnvelope;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.workflows.warehouse.DataPipelineParams;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every object under the prefix is loaded by what it holds, rejected with a reason, or ignored. */
class LakeContentsIT extends EmptyWarehouse {
  private final List<Event> events = TestEvents.some(400);

  @Test
  void loadsObjectsByTheirContentWhateverTheirNames() throws Exception {
    rig.lake.putBytes("a.jsonl", TestLake.lines(part(0)));
    rig.lake.putBytes("UPPER.JSON.GZ", TestLake.gzip(TestLake.lines(part(1))));
    rig.lake.putBytes("plain.json.gz", TestLake.lines(part(2)));
    rig.lake.putBytes("packed.json", TestLake.gzip(TestLake.lines(part(3))));
    rig.lake.putBytes("no-ending", TestLake.gzipOfLines(lines(part(4))));
    rig.lake.putBytes("array.json", array(part(5), ",\n"));
    rig.lake.putBytes("minified.json.gz", TestLake.gzip(array(part(6), ",")));
    rig.lake.putBytes(
        "pretty.txt", (pretty(part(7).get(0)) + pretty(part(7).get(1))).getBytes(UTF_8));
    rig.lake.putBytes("firehose/1", text(part(8), "").getBytes(UTF_8));
    rig.lake.putBytes("marked.json", joined("\uFEFF".getBytes(UTF_8), TestLake.lines(part(9))));
    rig.lake.putBytes("_day=1/part.json", TestLake.lines(part(10)));
    rig.lake.putBytes("empty.json", new byte[0]);

    assertThat(rig.run().state()).isEqualTo(RunState.SUCCESS);

    assertThat(
            rig.rows(
                "SELECT regexp_replace(object_key, '^.*/', ''), event_rows FROM lake.objects"
                    + " ORDER BY object_key COLLATE \"C\""))
        .containsExactly(
            "UPPER.JSON.GZ 20",
            "part.json 20",
            "a.jsonl 20",
            "array.json 20",
            "empty.json 0",
            "1 20",
            "marked.json 20",
            "minified.json.gz 20",
            "no-ending 20",
            "packed.json 20",
            "plain.json.gz 20",
            "pretty.txt 2");
    assertThat(rig.number("SELECT count(*) FROM bronze.events")).isEqualTo(202);
    assertThat(rig.number("SELECT count(*) FROM quarantine.rows")).isZero();
  }

  @Test
  void rejectsWhatItCannotReadAndCountsWhatIsNoData() throws Exception {
    byte[] array = array(part(1), ",");
    rig.lake.put("good", part(0));
    rig.lake.putBytes("x.json.zst", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 1});
    rig.lake.putBytes("part-0.parquet", "PAR1\0\0".getBytes(UTF_8));
    rig.lake.putBytes("cut.json", Arrays.copyOf(array, array.length - 40));
    rig.lake.putBytes("notes.txt", "remember the milk\n".getBytes(UTF_8));
    rig.lake.putBytes("_SUCCESS", new byte[0]);
    rig.lake.putBytes("_temporary/0/part.json", TestLake.lines(part(2)));
    rig.lake.putBytes("hour=01/.part-0.json.crc", new byte[] {1});
    rig.lake.putBytes("part-1.json.tmp", TestLake.lines(part(3)));

    RunReport report = rig.run();

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(rig.number("SELECT count(*) FROM bronze.events")).isEqualTo(20);
    assertThat(
            rig.rows(
                "SELECT regexp_replace(object_key, '^.*/', ''), reason FROM quarantine.objects"
                    + " JOIN lake.objects USING (object_id) ORDER BY 1"))
        .satisfiesExactly(
            cut -> assertThat(cut).startsWith("cut.json").contains("record 20, line 1"),
            notes ->
                assertThat(notes)
                    .startsWith("notes.txt None of its 1 lines")
                    .contains("The first:"),
            parquet -> assertThat(parquet).startsWith("part-0.parquet").contains("it is Parquet"),
            zstd -> assertThat(zstd).startsWith("x.json.zst").contains("it is zstd"));
    assertThat(rig.rows("SELECT state, count(*) FROM lake.objects GROUP BY 1 ORDER BY 1"))
        .containsExactly("ignored 4", "loaded 1", "rejected 4");
    assertThat(rig.number("SELECT count(*) FROM lake.objects")).isEqualTo(rig.lake.keys("").size());
    assertThat(rig.run().task("list_new_objects").detail())
        .contains("No new objects", "4 ignored: ", "_SUCCESS (hidden", ".json.tmp (not finished");
  }

  /** Of members of one event each none is left out, and damage in any of them is seen. */
  @Test
  void readsEveryMemberOfAnObjectOrNothingOfIt() throws Exception {
    List<Event> many = TestEvents.some(20_000);
    byte[] header = TestLake.gzip(TestLake.lines(part(0)));
    byte[] damaged = TestLake.gzipOfLines(lines(part(0)));
    byte[] garbage = joined(header, new byte[] {'\n'});
    damaged[TestLake.gzip(TestLake.line(part(0).get(0))).length + 1] ^= 1;
    rig.lake.putBytes("many.json.gz", TestLake.gzipOfLines(lines(many)));
    rig.lake.putBytes("padded.json.gz", joined(header, new byte[512]));
    rig.lake.putBytes("damaged.json.gz", damaged);
    rig.lake.putBytes("garbage.json.gz", garbage);

    assertThat(rig.run().state()).isEqualTo(RunState.SUCCESS);

    assertThat(rig.number("SELECT count(*) FROM bronze.events")).isEqualTo(20_020);
    assertThat(
            rig.rows(
                "SELECT regexp_replace(object_key, '^.*/', ''), reason FROM quarantine.objects"
                    + " JOIN lake.objects USING (object_id) ORDER BY 1"))
        .satisfiesExactly(
            one -> assertThat(one).startsWith("damaged").contains("gzip member 2, from byte "),
            two -> assertThat(two).startsWith("garbage").contains("gzip member 2, from byte "));
  }

  /** Rows of the warehouse + quarantined = records of the objects that were loaded. */
  @Test
  void countsEveryRecordWhateverTheLayout() throws Exception {
    String bad = "{\"payload\":{\"brand\":7}}";
    String good = text(part(0), ",");
    rig.lake.putBytes("lines", (bad + "\n\n" + text(part(0), "\n") + "\r\n\r\nx").getBytes(UTF_8));
    rig.lake.putBytes("array", ("[" + bad + ",[1],7,null,\"x\"," + good + "]").getBytes(UTF_8));
    rig.lake.putBytes(
        "long", ("[" + bad + ",{\"a\":\"" + "x".repeat(1 << 21) + "\"}]").getBytes(UTF_8));

    assertThat(rig.run(lenient()).state()).isEqualTo(RunState.SUCCESS);

    assertThat(
            rig.rows(
                "SELECT regexp_replace(object_key, '^.*/', ''), state, event_rows,"
                    + " quarantined_rows, in_lines FROM lake.objects ORDER BY 1"))
        .containsExactly(
            "array loaded 20 5 false", "lines loaded 20 2 true", "long loaded 0 2 false");
    assertThat(
            rig.rows(
                "SELECT regexp_replace(object_key, '^.*/', ''), line_number FROM quarantine.rows"
                    + " JOIN lake.objects USING (object_id) ORDER BY 1, 2"))
        .containsExactly(
            "array 1",
            "array 2",
            "array 3",
            "array 4",
            "array 5",
            "lines 1",
            "lines 24",
            "long 1",
            "long 2");
    assertThat(
            rig.rows(
                "SELECT reason FROM quarantine.rows WHERE line_number = 2 AND length(raw) > 999"))
        .singleElement()
        .asString()
        .contains("message has 2097160 bytes, at most 1048832");
    assertThat(rig.number("SELECT count(*) FROM quarantine.rows"))
        .isEqualTo(rig.number("SELECT sum(quarantined_rows) FROM lake.objects"));
    assertThat(rig.number("SELECT count(*) FROM bronze.events"))
        .isEqualTo(rig.number("SELECT sum(event_rows) FROM lake.objects"));
  }

  private DataPipelineParams lenient() {
    DataPipelineParams params = rig.params();
    return new DataPipelineParams(
        params.bucket(),
        params.prefix(),
        params.maxObjects(),
        params.batchObjects(),
        params.batchBytes(),
        params.parallelism(),
        params.minRows(),
        params.maxRows(),
        0.1);
  }

  private List<Event> part(int number) {
    return events.subList(20 * number, 20 * number + 20);
  }

  private static List<byte[]> lines(List<Event> some) {
    return some.stream().map(TestLake::line).toList();
  }

  private static byte[] array(List<Event> some, String between) {
    return ("[" + text(some, between) + "]").getBytes(UTF_8);
  }

  private static String text(List<Event> some, String between) {
    return lines(some).stream()
        .map(line -> new String(line, UTF_8))
        .collect(Collectors.joining(between));
  }

  private static String pretty(Event event) {
    return new String(RawEnvelope.of(event), UTF_8).replace(",\"", ",\n  \"") + "\n";
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }
}
