package io.millrace.core.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read without the parser must read as it does with it. */
class PlainPayloadTest {
  private static final Instant NOW = Instant.parse("2026-11-21T05:00:00.000250Z");
  private static final int START = RawEnvelope.PREFIX.length;

  private final EventFields fields = new EventFields(UnavailableValue.STANDARD);
  private final PlainPayload plain = new PlainPayload(fields);
  private final Event event =
      SyntheticEvents.stream(1, 1, Instant.parse("2019-10-01T00:00:00Z")).findFirst().orElseThrow();

  @Test
  void readsWhatProducersAndTheValidationWrite() {
    byte[] raw = RawEnvelope.of(event);
    byte[] validated = OutputEnvelope.valid(raw, NOW);
    byte[] spaced =
        new String(raw, UTF_8).replace("\":", "\": ").replace(",\"", ", \"").getBytes(UTF_8);

    for (byte[] message : List.of(raw, validated)) {
      assertThat(plain.read(message, START)).isTrue();
      assertThat(fields.judge()).isEqualTo(new Verdict.Valid(event));
      assertThat(fields.timeText()).isEqualTo(EventTime.format(event.eventTime()));
    }
    assertThat(plain.read(spaced, new String(spaced, UTF_8).indexOf("{\"event_time"))).isTrue();
    assertThat(fields.judge()).isEqualTo(new Verdict.Valid(event));
  }

  @ParameterizedTest
  @EnumSource(names = {"WRONG_TYPE", "MISSING_FIELD", "BAD_PRICE", "UNKNOWN_TYPE"})
  void judgesBadRowsWithoutTheParser(BadRows.Kind kind) {
    byte[] message = BadRows.of(kind, event, new SplittableRandom(3));

    assertThat(plain.read(message, START)).isTrue();
    assertThat(fields.judge()).isEqualTo(parsed(message)).isInstanceOf(Verdict.Invalid.class);
  }

  /** The last value of a key counts: each of these stands in the way of an event. */
  @Property(tries = 10_000)
  void agreesWithTheParserOnAnyMembers(
      @ForAll("members") List<String> members, @ForAll("rests") String rest) {
    byte[] good = RawEnvelope.of(event);
    String object = new String(good, START, good.length - START - 2, UTF_8);

    check(
        (object + members.stream().map(m -> "," + m).collect(joining()) + "}" + rest)
            .getBytes(UTF_8));
    check(("{" + String.join(",", members) + "}" + rest).getBytes(UTF_8));
  }

  @Property
  void agreesWithTheParserOnEvents(@ForAll("events") Event any) {
    byte[] message = RawEnvelope.of(any);

    check(Arrays.copyOfRange(message, START, message.length));
  }

  @Property(tries = 5_000)
  void agreesWithTheParserOnBrokenMessages(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] message = OutputEnvelope.valid(RawEnvelope.of(event), NOW);
    byte[] rest = Arrays.copyOfRange(message, START, message.length);
    for (int change = random.nextInt(3); change >= 0; change--) {
      byte[] from = random.nextBoolean() ? rest : "\"\\{}[],: e.-0\u0000\n9tn".getBytes(UTF_8);
      rest[random.nextInt(rest.length)] = from[random.nextInt(from.length)];
    }
    check(random.nextInt(4) == 0 ? Arrays.copyOf(rest, random.nextInt(rest.length)) : rest);
  }

  private void check(byte[] rest) {
    byte[] message = new JsonBytes(START + rest.length).raw(RawEnvelope.PREFIX).raw(rest).toBytes();
    if (plain.read(message, START)) {
      assertThat(fields.judge()).as(new String(rest, UTF_8)).isEqualTo(parsed(message));
    }
  }

  /** The verdict of the parser: a new reader does not know this beginning. */
  private static Verdict parsed(byte[] message) {
    byte[] unknown = new JsonBytes(message.length + 1).ascii(' ').raw(message).toBytes();
    return new EventReader().read(unknown);
  }

  @Provide
  Arbitrary<Event> events() {
    return EventArbitraries.events();
  }

  @Provide
  Arbitrary<List<String>> members() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of(EventField.names()),
            Arbitraries.of("payload", "valid", "", "Brand", "br\\u0061nd", "é"));
    Arbitrary<String> numbers =
        Combinators.combine(
                Arbitraries.of("", "-", "+"),
                Arbitraries.strings().numeric().ofMaxLength(21),
                Arbitraries.of("", ".", ".5", ".000", ".123456789", "e3", "E-2", ".5e400"))
            .as((sign, digits, end) -> sign + digits + end);
    Arbitrary<String> values =
        Arbitraries.oneOf(
            numbers,
            numbers.map(number -> '"' + number + '"'),
            Arbitraries.integers().between(-99, 99_999).map(cents -> "" + cents / 100.0),
            Arbitraries.of("null", "nul", "nulll", "true", "{}", "[1]", "NaN", "-", "\"\"", ""),
            Arbitraries.of("\"view\"", "\"View\"", "\"2019-10-01 00:00:00 UTC\"", "\"a\\nb\""),
            Arbitraries.of("9223372036854775807", "9223372036854775808", "-9223372036854775808"),
            EventArbitraries.texts().map(text -> '"' + text + '"'));
    Arbitrary<String> blanks = Arbitraries.of("", "", "", " ", "  ", "\n");
    return Combinators.combine(names, blanks, values, blanks)
        .as((name, before, value, after) -> '"' + name + "\":" + before + value + after)
        .list()
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<String> rests() {
    return Arbitraries.of(
        "}",
        "}",
        "} ",
        " }",
        "",
        ",}",
        ",\"a\":1}",
        ",\"payload\":{}}",
        ",\"pay\\u006coad\":{}}",
        ",\"valid\":\"VALID\",\"metadata\":{\"processed_at\":\"x\"}}",
        ",\"metadata\":{}}",
        ",\"a\":{\"b\":{\"c\":1}}}",
        "}}");
  }
}
