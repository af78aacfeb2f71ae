package io.millrace.activities.cdc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.streaming.CsvEvents;
import io.millrace.activities.streaming.RawMessage;
import io.millrace.core.events.EventField;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.Verdict;
import io.millrace.core.input.JsonRecords;
import io.millrace.core.input.Unpacked;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * The same nine values get the same verdict whichever way they come: from a CSV file, from another
 * producer, through the table whose changes are captured, and from an object of the lake.
 */
class EventPathsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Property(tries = 1_000)
  void everyWayLeadsToTheSameVerdict(@ForAll("rows") List<String> row) throws IOException {
    byte[] raw = raw(row);
    Verdict verdict = new EventReader().read(raw);

    assertThat(new EventReader().read(fromCsv(row))).as("CSV %s", row).isEqualTo(verdict);
    for (byte[] object : List.of(line(raw, verdict), array(raw), pretty(raw))) {
      assertThat(fromLake(object)).as(new String(object, UTF_8)).isEqualTo(verdict);
    }
    byte[] captured = captured(raw);
    if (captured == null) {
      assertThat(verdict).as("refused by the table: %s", row).isNotInstanceOf(Verdict.Valid.class);
    } else {
      assertThat(new EventReader().read(captured)).as("captured %s", row).isEqualTo(verdict);
    }
  }

  /** Rows of which most columns are good. */
  @Provide
  Arbitrary<List<String>> rows() {
    Arbitrary<String> texts =
        Arbitraries.of(
            "",
            "",
            "a",
            " ",
            "\0",
            "\"",
            "\\",
            ",",
            "\r",
            "\u00e9\ud83d\ude00",
            "null",
            "0",
            "-1",
            "__debezium_unavailable_value",
            "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",
            "NaN",
            "9223372036854775807",
            "9223372036854775808",
            "007",
            "1e3",
            "1e400",
            "0.0",
            "1.50");
    List<String> good =
        List.of("2019-10-01 00:00:00 UTC", "view", "1", "2", "a.b", "acme", "3.5", "4", "s-1");
    return Arbitraries.integers()
        .between(0, 8)
        .flatMap(
            column ->
                texts.map(
                    text -> {
                      List<String> row = new ArrayList<>(good);
                      row.set(column, text);
                      return row;
                    }))
        .list()
        .ofSize(2)
        .map(
            pair ->
                java.util.stream.IntStream.range(0, 9)
                    .mapToObj(
                        i ->
                            pair.get(0).get(i).equals(good.get(i))
                                ? pair.get(1).get(i)
                                : pair.get(0).get(i))
                    .toList());
  }

  /** As another producer writes it: an empty text is an empty text, a number a number. */
  private static byte[] raw(List<String> row) throws IOException {
    ObjectNode payload = JSON.createObjectNode();
    for (EventField field : EventField.values()) {
      String text = row.get(EventField.names().indexOf(field.fieldName()));
      boolean isNumber =
          switch (field) {
            case PRODUCT_ID, CATEGORY_ID, USER_ID -> text.matches("-?(0|[1-9][0-9]*)");
            case PRICE -> text.matches("-?(0|[1-9][0-9]*)([.][0-9]+)?(e[0-9]+)?");
            default -> false;
          };
      payload.putRawValue(
          field.fieldName(),
          new com.fasterxml.jackson.databind.util.RawValue(
              isNumber ? text : JSON.writeValueAsString(text)));
    }
    return JSON.writeValueAsBytes(JSON.createObjectNode().set("payload", payload));
  }

  private static byte[] fromCsv(List<String> row) throws IOException {
    Path file = Files.createTempFile("paths", ".csv");
    try {
      Files.writeString(
          file,
          String.join(",", EventField.names())
              + "\n"
              + row.stream()
                  .map(text -> '"' + text.replace("\"", "\"\"") + '"')
                  .collect(Collectors.joining(",")));
      try (CsvEvents events = CsvEvents.open(file)) {
        RawMessage message = events.next();
        assertThat(message).isNotNull();
        return message.value();
      }
    } finally {
      Files.delete(file);
    }
  }

  /** As Debezium writes the row that holds the message; null if none does. */
  private static byte @Nullable [] captured(byte[] raw) throws IOException {
    ObjectNode payload = JSON.createObjectNode();
    try {
      List<Object> values = EventRow.of(raw).values();
      for (EventField field : EventField.values()) {
        Object value = values.get(EventField.names().indexOf(field.fieldName()));
        payload.putPOJO(
            field.fieldName(),
            value instanceof OffsetDateTime time ? time.toInstant().toString() : value);
      }
    } catch (EventRow.NoRowException e) {
      return null;
    }
    return JSON.writeValueAsBytes(
        JSON.createObjectNode()
            .<ObjectNode>set("schema", JSON.createObjectNode())
            .set("payload", payload));
  }

  private static byte[] line(byte[] raw, Verdict verdict) {
    return verdict instanceof Verdict.Valid ? OutputEnvelope.valid(raw, Instant.EPOCH) : raw;
  }

  private static byte[] array(byte[] raw) {
    return ('[' + new String(raw, UTF_8) + ']').getBytes(UTF_8);
  }

  private static byte[] pretty(byte[] raw) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(JSON.readTree(raw));
  }

  private static Verdict fromLake(byte[] object) throws IOException {
    JsonRecords records =
        JsonRecords.of(Unpacked.of(new ByteArrayInputStream(object)), EventReader.MAX_BYTES);
    byte[] record = records.next();
    assertThat(records.next()).isNull();
    return new EventReader().read(record);
  }
}
