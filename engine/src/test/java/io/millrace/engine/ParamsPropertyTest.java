package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.millrace.engine.ParamsTest.Barge;
import io.millrace.engine.ParamsTest.Grain;
import io.millrace.engine.ParamsTest.Load;
import io.millrace.engine.ParamsTest.Size;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever is put in the place of a field, the reader either takes it over exactly as it is, or
 * refuses it with type {@code InvalidParams} and the path of the place.
 */
class ParamsPropertyTest {

  private static final Load DEFAULTS =
      new Load(
          new Grain("oats", 2, 1.5),
          new Grain("rye", 0.5, null),
          List.of(new Grain("a", 1, 2.0), new Grain("b", 2, null)),
          Map.of("oats", 1, "rye", 2),
          Size.SMALL,
          Instant.parse("2026-01-01T00:00:00Z"),
          LocalDate.of(2026, 1, 2),
          9007199254740993L,
          0.5f,
          new BigDecimal("1234567890.12345678901234567890"),
          true,
          Optional.of("x"),
          new Barge("Exe"));

  private static final JsonNode WHOLE = StrictJson.MAPPER.valueToTree(DEFAULTS);

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "5.5",
          "1.0",
          "1e3",
          "1e400",
          "-0.0",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "0.12345678901234567890123",
          "\"\"",
          "\" \"",
          "\"5\"",
          "\"NaN\"",
          "\"Infinity\"",
          "\"null\"",
          "\"true\"",
          "\"SMALL\"",
          "\"small\"",
          "\"2026-01-01T00:00:00Z\"",
          "\"2026-01-01\"",
          "\"PT1H\"",
          "\"barge\"",
          "\"sled\"",
          "[]",
          "[null]",
          "[1,\"x\"]",
          "{}",
          "{\"x\":1}",
          "{\"name\":\"c\"}",
          "{\"bushels\":3}",
          "{\"name\":\"c\",\"bushels\":-1}",
          "{\"name\":\"c\",\"bushels\":3.25}",
          "{\"kind\":\"cart\",\"wheels\":3}",
          "{\"kind\":\"cart\"}",
          "{\"kind\":5}");

  @Provide
  static Arbitrary<JsonPointer> places() {
    List<JsonPointer> places = new ArrayList<>();
    collect(WHOLE, JsonPointer.empty(), places);
    return Arbitraries.of(places);
  }

  private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
    if (!at.matches()) {
      places.add(at);
    }
    node.properties()
        .forEach(field -> collect(field.getValue(), at.appendProperty(field.getKey()), places));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.get(i), at.appendIndex(i), places);
    }
  }

  @Provide
  static Arbitrary<String> values() {
    return Arbitraries.of(VALUES);
  }

  @Property(tries = 2_000)
  void aValueIsTakenAsItIsOrRefusedWithItsPath(
      @ForAll("places") JsonPointer place, @ForAll("values") String value) throws Exception {
    JsonNode given = WHOLE.deepCopy();
    put(given, place, StrictJson.MAPPER.readTree(value));

    check(given, place);
  }

  @Property(tries = 200)
  void aFieldThatIsLeftOutHasItsDefaultOrIsNamed(@ForAll("places") JsonPointer place) {
    JsonNode given = WHOLE.deepCopy();
    JsonNode parent = given.at(place.head());
    if (parent instanceof ObjectNode object) {
      object.remove(place.last().getMatchingProperty());
    } else {
      ((ArrayNode) parent).remove(place.last().getMatchingIndex());
    }
    check(given, place);
  }

  private static void check(JsonNode given, JsonPointer place) {
    Load read;
    try {
      read = read(given.toString());
    } catch (ApplicationFailure failure) {
      assertThat(failure.getType()).isEqualTo("InvalidParams");
      assertThat(failure.isNonRetryable()).isTrue();
      assertThat(failure.getOriginalMessage())
          .contains(place.tail().matches() ? name(place) : name(place.head()))
          .doesNotContain("java.", "fasterxml", "null;  ", ": null");
      return;
    }
    JsonNode taken = StrictJson.MAPPER.valueToTree(read);
    assertThat(includes(taken, given)).as("%s of %s", taken, given).isTrue();
  }

  /** The outermost field: a record's own check names the record. */
  private static String name(JsonPointer place) {
    return place.getMatchingProperty();
  }

  /** Whether what was read has everything that was given. */
  private static boolean includes(JsonNode read, JsonNode given) {
    if (given.isObject()) {
      return given.properties().stream()
          .allMatch(field -> includes(read.path(field.getKey()), field.getValue()));
    }
    if (given.isNumber()) {
      return read.isNumber()
          && (read.decimalValue().compareTo(given.decimalValue()) == 0
              || read.doubleValue() == given.doubleValue()
              || read.floatValue() == given.floatValue());
    }
    if (given.isArray()) {
      boolean same = read.size() == given.size();
      for (int i = 0; same && i < given.size(); i++) {
        same = includes(read.get(i), given.get(i));
      }
      return same;
    }
    return read.equals(given);
  }

  private static void put(JsonNode root, JsonPointer place, JsonNode value) {
    JsonNode parent = root.at(place.head());
    if (parent instanceof ObjectNode object) {
      object.set(place.last().getMatchingProperty(), value);
    } else {
      ((ArrayNode) parent).set(place.last().getMatchingIndex(), value);
    }
  }

  /** A text that is cut, or of which characters were exchanged, is read or refused, and no more. */
  @Property(tries = 1_000)
  void anyTextIsReadOrRefused(@ForAll int where, @ForAll("garbage") String with) {
    String json = WHOLE.toString();
    int at = Math.floorMod(where, json.length());
    for (String text :
        List.of(
            json.substring(0, at),
            json.substring(0, at) + with + json.substring(at),
            json.substring(0, at) + with + json.substring(at + 1),
            json + with)) {
      try {
        Load unused = read(text);
      } catch (ApplicationFailure failure) {
        assertThat(failure.getType()).isEqualTo("InvalidParams");
      }
    }
  }

  @Provide
  static Arbitrary<String> garbage() {
    return Arbitraries.of(
        "{", "}", "[", "]", "\"", ",", ":", "0", "-", "e", ".", "\\", "\\u", "\u0000", "\uD800",
        "null", "NaN", " ", "{}", "//", "[[[[");
  }

  private static Load read(String json) {
    RawValue raw =
        new RawValue(Payload.newBuilder().setData(ByteString.copyFromUtf8(json)).build());
    Params.options("load", raw);
    return Params.read("load", raw, DEFAULTS);
  }
}
