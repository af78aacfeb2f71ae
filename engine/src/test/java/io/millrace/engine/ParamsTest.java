package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.ByteString;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.MillDag;
import io.millrace.engine.toys.MillDag.MillParams;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamsTest {

  private static final Trip DEFAULTS = new Trip("oats", 3, 0.5, Duration.ofHours(1), List.of(1));

  /** Params with a field of each kind. */
  record Trip(String load, int sacks, double share, Duration limit, List<Integer> stops) {
    Trip {
      if (sacks > 10) {
        throw new IllegalArgumentException("sacks must be at most 10, not " + sacks);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}"})
  void nothingMeansTheDefaults(String input) {
    assertThat(read(input)).isEqualTo(DEFAULTS);
  }

  @Test
  void aFieldThatIsLeftOutHasItsDefault() {
    assertThat(read("{'sacks': 5, 'limit': 'PT2H'}"))
        .isEqualTo(new Trip("oats", 5, 0.5, Duration.ofHours(2), List.of(1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'sack': 5}          | there is no field 'sack'; the fields are [load, sacks, share,"
            + " limit, stops]",
        "{'sacks': 'five'}    | sacks must be an integer, but is \"\"five\"\" (text)",
        "{'sacks': '5'}       | sacks must be an integer, but is \"\"5\"\" (text)",
        "{'sacks': 5.5}       | sacks must be an integer, but is 5.5 (number)",
        "{'sacks': null}      | sacks must be an integer, but is null",
        "{'sacks': 11}        | sacks must be at most 10, not 11",
        "{'stops': [1, 'x']}  | stops[1] must be an integer, but is",
        "{'stops': 7}         | stops must be a list, but is 7",
        "{'limit': 'an hour'} | an hour",
        "[1]                  | the input must be one JSON object with the fields [load",
        "7                    | the input must be one JSON object",
        "{                    | the input is not JSON"
      })
  void aWrongFieldIsNamed(String input, String message) {
    assertThatThrownBy(() -> read(input))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("InvalidParams");
              assertThat(failure.isNonRetryable()).isTrue();
            })
        .hasMessageContaining("Params of trip: ")
        .hasMessageContaining(message.replace("\"\"", "\""));
  }

  /** How many bushels, of which grain. */
  record Grain(String name, double bushels, @Nullable Double price) {
    Grain {
      if (bushels < 0) {
        throw new IllegalArgumentException("bushels must be 0 or more, not " + bushels);
      }
    }
  }

  enum Size {
    SMALL,
    LARGE
  }

  /** One of two, told apart by a field. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Cart.class, name = "cart"),
    @JsonSubTypes.Type(value = Barge.class, name = "barge")
  })
  sealed interface Carrier {}

  record Cart(int wheels) implements Carrier {}

  record Barge(String river) implements Carrier {}

  /** Params with fields of every other kind. */
  record Load(
      Grain grain,
      @Nullable Grain spare,
      List<Grain> more,
      Map<String, Integer> stock,
      Size size,
      Instant at,
      LocalDate day,
      long count,
      float ratio,
      BigDecimal exact,
      boolean fast,
      Optional<String> note,
      Carrier carrier) {}

  private static final Load LOAD =
      new Load(
          new Grain("oats", 2, null),
          null,
          List.of(),
          Map.of("oats", 1),
          Size.SMALL,
          Instant.EPOCH,
          LocalDate.EPOCH,
          1,
          1,
          BigDecimal.ONE,
          false,
          Optional.empty(),
          new Cart(2));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{} x                       | goes on after its end",
        "{} {}                      | goes on after its end",
        "{'count': 1, 'count': 2}   | count is given twice",
        "{'grain': {'name': 'a', 'name': 'b'}} | grain.name is given twice",
        "{'more': [{'bushels': 1}, {'bushels': 1, 'bushels': 2}]} | more[1].bushels is given twice",
        "{'grain': {'bushels': 'NaN'}} | grain.bushels must be a number, but is",
        "{'ratio': 'Infinity'}      | ratio must be a number, but is",
        "{'ratio': NaN}             | the input is not JSON",
        "{'ratio': 1e60}            | ratio must be a number from -3.4028235E38 to 3.4028235E38",
        "{'grain': {'bushels': 1e400}} | grain.bushels must be a number from -1.797",
        "{'grain': {'name': 5}}     | grain.name must be text, but is 5 (number)",
        "{'grain': {'name': true}}  | grain.name must be text, but is true (boolean)",
        "{'grain': {'name': null}}  | grain.name must be text, but is null",
        "{'grain': null}            | grain must be an object, but is null",
        "{'grain': {'bushels': -1}} | grain: bushels must be 0 or more, not -1",
        "{'grain': {'weight': 1}}   | there is no field 'grain.weight'; the fields are [name, bush",
        "{'grain': []}              | grain must be an object with the fields [name, bushels,"
            + " price]",
        "{'spare': {'name': 'rye'}} | spare.bushels is missing; it must be a number",
        "{'spare': {'bushels': 1}}  | spare.name is missing; it must be text",
        "{'more': [{'name': 'rye'}]} | more[0].bushels is missing; it must be a number",
        "{'more': [null]}           | more[0] must be an object, but is null",
        "{'more': null}             | more must be a list, but is null",
        "{'stock': {'rye': '3'}}    | stock.rye must be an integer, but is",
        "{'stock': {'rye': null}}   | stock.rye must be an integer, but is null",
        "{'size': 'small'}          | size must be one of [SMALL, LARGE], but is",
        "{'size': 0}                | size must be one of [SMALL, LARGE], but is 0 (number)",
        "{'size': ''}               | size must be one of [SMALL, LARGE], but is",
        "{'at': ''}                 | at must be a time such as",
        "{'at': 5}                  | at must be a time such as",
        "{'at': '5'}                | at must be a time such as",
        "{'at': 'noon'}             | at must be a time such as",
        "{'day': [2026, 1, 1]}      | day must be a date such as",
        "{'day': '2026-02-30'}      | day must be a date such as",
        "{'count': 9223372036854775808} | count must be an integer from -9223372036854775808 to",
        "{'count': 1.0}             | count must be an integer, but is 1.0 (number)",
        "{'count': ''}              | count must be an integer, but is",
        "{'count': true}            | count must be an integer, but is true (boolean)",
        "{'fast': 'true'}           | fast must be true or false, but is",
        "{'fast': 1}                | fast must be true or false, but is 1 (number)",
        "{'note': 5}                | note must be text, but is 5 (number)",
        "{'carrier': {'kind': 'cart', 'wheels': '2'}} | carrier.wheels must be an integer",
        "{'carrier': {'kind': 'cart', 'wheels': 2, 'x': 1}} | there is no field 'carrier.x'",
        "{'carrier': {'kind': 'sled'}} | carrier",
        "{'$run': {'logicalDate': 5}} | $run.logicalDate must be a time such as",
        "{'$run': {'logicalDate': '2026-02-01T00:00:00Z', 'intervalEnd': '2026-01-01T00:00:00Z'}}"
            + " | $run: intervalEnd must not be before logicalDate",
        "{'$run': {'logicalDate': '+20000-01-01T00:00:00Z'}} | $run: logicalDate must be in the",
        "{'$run': {'rerun': 'x'}}   | there is no field '$run.rerun'; the fields are [logicalDate",
        "{'$run': {'clear': 'x'}}   | $run.clear must be a list, but is",
        "{'$run': {'clear': [5], 'rerunOf': 'x'}} | $run.clear[0] must be text, but is 5 (number)",
        "{'$run': []}               | $run must be an object",
        "{'$run': {'holdOnFailure': 'yes'}} | $run.holdOnFailure must be true or false"
      })
  void whatIsOfAnotherJsonTypeIsRefusedAtAnyDepth(String input, String message) {
    RawValue raw = raw(input);
    assertThatThrownBy(
            () -> {
              Params.options("trip", raw);
              Params.read("trip", raw, LOAD);
            })
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("InvalidParams");
              assertThat(failure.getOriginalMessage()).contains(message);
              assertThat(failure.getOriginalMessage()).doesNotContain("java.", "com.fasterxml");
            });
  }

  @Test
  void aNestedRecordOfWhichSomeFieldsAreGivenKeepsTheOthers() {
    Load read = Params.read("trip", raw("{'grain': {'bushels': 7}, 'spare': null}"), LOAD);

    assertThat(read.grain()).isEqualTo(new Grain("oats", 7, null));
    assertThat(read.carrier()).isEqualTo(new Cart(2));
  }

  @Test
  void valuesOfEachKindAreRead() {
    Load read =
        Params.read(
            "trip",
            raw(
                "{'spare':{'name':'rye','bushels':1,'price':2.5},'more':[{'name':'a','bushels':0}],"
                    + "'stock':{},'size':'LARGE','at':'2026-01-01T00:00:00Z','day':'2026-01-02',"
                    + "'count':9007199254740993,'ratio':2,'exact':1234567890.12345678901234567890,"
                    + "'fast':true,'note':'x','carrier':{'kind':'barge','river':'Exe'}}"),
            LOAD);

    assertThat(read)
        .isEqualTo(
            new Load(
                LOAD.grain(),
                new Grain("rye", 1, 2.5),
                List.of(new Grain("a", 0, null)),
                Map.of(),
                Size.LARGE,
                Instant.parse("2026-01-01T00:00:00Z"),
                LocalDate.of(2026, 1, 2),
                9007199254740993L,
                2,
                new BigDecimal("1234567890.12345678901234567890"),
                true,
                Optional.of("x"),
                new Barge("Exe")));
    assertThat(Params.show(read)).contains("1234567890.12345678901234567890", "9007199254740993");
  }

  /** As {@code DagRuns.trigger} and a Schedule send them. */
  @Test
  void whatTheSdkWritesOfParamsIsRead() {
    Load load =
        new Load(
            new Grain("rye", 1.5, 2.0),
            null,
            List.of(LOAD.grain()),
            Map.of("a", 5),
            Size.LARGE,
            Instant.ofEpochSecond(5),
            LocalDate.EPOCH,
            7,
            0.5f,
            new BigDecimal("1.50"),
            true,
            Optional.of("x"),
            new Barge("Exe"));
    Trip trip = new Trip("rye", 4, 1, Duration.ofMillis(90_500), List.of());

    assertThat(Params.read("trip", sent(load), LOAD)).isEqualTo(load);
    assertThat(Params.read("trip", sent(trip), DEFAULTS)).isEqualTo(trip);
  }

  @Test
  void wrongParamsEndTheRunAtOnce() {
    try (DagTest mill = DagTest.of(MillDag.Impl.class)) {
      assertThatThrownBy(() -> mill.run(Map.of("sacks", "many")))
          .hasStackTraceContaining(
              "Params of mill: sacks must be an integer, but is \"many\" (text)");
      assertThatThrownBy(() -> mill.run(Map.of("sacks", -1)))
          .hasStackTraceContaining("Params of mill: sacks must be 0 or more, not -1");
      assertThatThrownBy(() -> mill.run("abc"))
          .hasStackTraceContaining("the input must be one JSON object with the fields [sacks]");
    }
  }

  @Test
  void showsTheEffectiveParams() {
    assertThat(Params.show(new MillParams(4))).isEqualTo("{\"sacks\":4}");
  }

  private static Trip read(String json) {
    return Params.read("trip", raw(json), DEFAULTS);
  }

  private static RawValue raw(String json) {
    ByteString data = ByteString.copyFromUtf8(json.replace('\'', '"'));
    return new RawValue(Payload.newBuilder().setData(data).build());
  }

  private static RawValue sent(Object params) {
    return new RawValue(DefaultDataConverter.newDefaultInstance().toPayload(params).orElseThrow());
  }
}
