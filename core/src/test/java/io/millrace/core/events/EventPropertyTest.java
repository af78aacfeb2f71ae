package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EventPropertyTest {
  private static final Instant NOW = Instant.parse("2026-11-21T05:00:00.000250Z");
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final ObjectMapper EACH_KEY_ONCE =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final EventReader reader = new EventReader();

  @Provide
  Arbitrary<Event> events() {
    return EventArbitraries.events();
  }

  @Provide
  Arbitrary<String> texts() {
    return EventArbitraries.texts();
  }

  @Property
  void readingWhatWasWrittenGivesTheSameEvent(@ForAll("events") Event event) {
    assertThat(reader.read(RawEnvelope.of(event))).isEqualTo(new Verdict.Valid(event));
    assertThat(reader.read(CdcEnvelope.of(event))).isEqualTo(new Verdict.Valid(event));
  }

  @Property
  void identityIsTheSameFromEverySource(@ForAll("events") Event event) {
    Event raw = ((Verdict.Valid) reader.read(RawEnvelope.of(event))).event();
    Event cdc = ((Verdict.Valid) reader.read(CdcEnvelope.of(event))).event();

    assertThat(EventIdentity.of(raw)).isEqualTo(EventIdentity.of(cdc));
  }

  @Property
  void identityHashesTheCanonicalText(@ForAll("events") Event event) throws Exception {
    String text =
        event.productId()
            + "|"
            + DateTimeFormatter.ISO_INSTANT.format(event.eventTime())
            + "|"
            + event.userId()
            + "|"
            + event.eventType().code()
            + "|"
            + event.userSession();

    byte[] expected =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));

    assertThat(EventIdentity.of(event)).isEqualTo(expected);
  }

  @Property
  void writtenTimesAreReadAgainAndAgreeWithJavaTime(@ForAll("events") Event event) {
    Instant time = event.eventTime();
    DateTimeFormatter raw =
        new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .appendLiteral(" UTC")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    assertThat(EventTime.parse(EventTime.format(time))).hasValue(time);
    assertThat(EventTime.parse(raw.format(time))).hasValue(time);
    assertThat(EventTime.parse(time.toString())).hasValue(time);
  }

  @Property
  void isoTimesAreThoseOfJavaTime(@ForAll("events") Event event) {
    assertThat(EventTime.formatIso(event.eventTime())).isEqualTo(event.eventTime().toString());
  }

  @Property
  void envelopesAreOneLineOfJson(
      @ForAll("events") Event event, @ForAll("texts") String extra, @ForAll boolean pretty)
      throws IOException {
    ObjectNode input = (ObjectNode) JSON.readTree(RawEnvelope.of(event));
    input.put("extra", extra).put("valid", extra).put("error_message", 7).putObject("metadata");
    byte[] bytes =
        pretty
            ? JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(input)
            : JSON.writeValueAsBytes(input);

    byte[] validLine = OutputEnvelope.valid(bytes, NOW);
    byte[] invalidLine = OutputEnvelope.invalid(bytes, new Verdict.Invalid(extra), NOW);
    JsonNode valid = readLine(validLine);
    JsonNode invalid = readLine(invalidLine);

    assertThat(EACH_KEY_ONCE.readTree(validLine)).isEqualTo(valid);
    assertThat(EACH_KEY_ONCE.readTree(invalidLine)).isEqualTo(invalid);

    ObjectNode expected = (ObjectNode) JSON.readTree(bytes);
    expected.put("valid", "VALID").putNull("error_message").putNull("error_type");
    expected.putObject("metadata").put("processed_at", "2026-11-21T05:00:00.000250");
    assertThat(valid).isEqualTo(expected);
    expected.put("valid", "INVALID").put("error_message", extra);
    expected.put("error_type", "SCHEMA_VALIDATION_ERROR").putObject("metadata");
    assertThat(invalid).isEqualTo(expected);
  }

  @Property
  void neverThrowsOnRandomBytes(@ForAll byte[] bytes) throws IOException {
    judgeAndWrite(bytes);
  }

  @Property
  void neverThrowsOnBrokenMessages(
      @ForAll("events") Event event,
      @ForAll @IntRange(max = 2_000) int at,
      @ForAll @IntRange(max = 40) int length,
      @ForAll byte[] splice)
      throws IOException {
    byte[] whole = OutputEnvelope.valid(RawEnvelope.of(event), NOW);
    int from = Math.min(at, whole.length);
    JsonBytes broken = new JsonBytes(whole.length + splice.length);
    broken.raw(whole, 0, from).raw(splice);
    broken.raw(whole, Math.min(from + length, whole.length), whole.length);

    judgeAndWrite(broken.toBytes());
  }

  @Property
  void bracketsOfAnyKindAreReadableOrNot(@ForAll("json") String text) throws IOException {
    judgeAndWrite(text.getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<String> json() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"payload\"",
            "\"brand\"",
            "\"valid\"",
            "\"val\\u0069d\"",
            "null",
            "1",
            "\"a\"",
            " ",
            "\n",
            "\"metadata\"",
            "{\"payload\":{}}",
            "true",
            "-1.5e3")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Property
  void badRowsAreNeverValid(@ForAll("events") Event event, @ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (BadRows.Kind kind : BadRows.Kind.values()) {
      byte[] bytes = BadRows.of(kind, event, random);
      assertThat(reader.read(bytes)).isNotInstanceOf(Verdict.Valid.class);
      judgeAndWrite(bytes);
    }
  }

  @Property
  void csvColumnsAlwaysMakeJson(@ForAll("texts") String text, @ForAll @IntRange(max = 8) int at)
      throws IOException {
    List<String> row = new ArrayList<>(List.of("", "view", "1", "2", "", "", "3.5", "4", "s"));
    row.set(at, text);

    byte[] bytes = RawEnvelope.ofColumns(row);

    assertThat(JSON.readTree(bytes).get("payload")).hasSize(9);
    judgeAndWrite(bytes);
  }

  private void judgeAndWrite(byte[] bytes) throws IOException {
    Verdict verdict = reader.read(bytes);
    assertThat(new EventReader().read(bytes)).isEqualTo(verdict);
    JsonNode out =
        readLine(
            verdict instanceof Verdict.Valid
                ? OutputEnvelope.valid(bytes, NOW)
                : OutputEnvelope.invalid(bytes, verdict, NOW));
    assertThat(out.get("valid").textValue())
        .isEqualTo(verdict instanceof Verdict.Valid ? "VALID" : "INVALID");
    if (verdict instanceof Verdict.Unreadable) {
      assertThat(out.get("raw_data").textValue())
          .isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static JsonNode readLine(byte[] json) throws IOException {
    assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
    return JSON.readTree(json);
  }
}
