package io.millrace.core.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnreadableMessageTest {
  private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
  private static final Event EVENT =
      SyntheticEvents.stream(1, 1, Instant.EPOCH).findFirst().orElseThrow();

  private final EventReader reader = new EventReader();

  private String reason(byte[] value) {
    Verdict verdict = reader.read(value);
    assertThat(verdict).isInstanceOf(Verdict.Unreadable.class);
    String message = ((Verdict.Unreadable) verdict).errorMessage();
    assertThat(message).startsWith("Processing error: ");
    return message.substring("Processing error: ".length());
  }

  private String reason(String value) {
    return reason(value.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void namesAMissingValue() {
    assertThat(reason((byte[]) null)).isEqualTo("message is empty");
    assertThat(reason(new byte[0])).isEqualTo("message is empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "7 | message is not a JSON object",
        "[] | message is not a JSON object",
        "null | message is not a JSON object",
        "{} | message has no payload",
        "{\"schema\":{}} | message has no payload",
        "{\"payload\":null} | payload is not an object",
        "{\"payload\":[1]} | payload is not an object",
        "{\"payload\":\"{}\"} | payload is not an object",
        "{\"payload\":{}} {} | text after the end of the message",
      })
  void saysWhatItExpected(String message, String reason) {
    assertThat(reason(message)).isEqualTo(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payload\":{\"price\":NaN}}",
        "{\"payload\":{\"price\":Infinity}}",
        "{\"payload\":{\"price\":01}}",
        "{\"payload\":{}}}",
        "{\"payload\":{}",
        "{'payload':{}}",
        "{\"payload\":{},}",
        "{\"payload\":{\"brand\":\"a\nb\"}}",
        "// comment\n{}",
        "hello"
      })
  void saysWhereTheJsonBreaks(String message) {
    assertThat(reason(message)).contains("(byte ");
  }

  @Test
  void countsThePlaceFromTheStartOfTheMessageWhateverItSkips() {
    byte[] raw = RawEnvelope.of(EVENT);
    byte[] cut = Arrays.copyOf(raw, raw.length - 1);

    assertThat(reason(cut)).endsWith("(byte " + cut.length + ")");
  }

  @Test
  void survivesADepthBomb() {
    assertThat(reason("{\"payload\":" + "[".repeat(500_000))).contains("nesting depth");
    assertThat(reason("{\"payload\":{\"brand\":" + "{\"a\":".repeat(100_000)))
        .contains("nesting depth");
    assertThat(reason("{\"schema\":" + "[".repeat(65) + "]".repeat(65) + ",\"payload\":{}}"))
        .contains("nesting depth");
  }

  @Test
  void survivesHugeInput() {
    assertThat(reason(new byte[EventReader.MAX_BYTES + 1])).contains("1048577 bytes");
    assertThat(reason("{\"payload\":{\"price\":" + "9".repeat(1_000_000) + "}}"))
        .contains("Number value length");
    assertThat(reason("{\"" + "a".repeat(1_000_000) + "\":1}")).contains("Name length");
  }

  @Test
  void takesOnlyUtf8() {
    byte[] raw = RawEnvelope.of(EVENT);
    String text = new String(raw, StandardCharsets.UTF_8);

    assertThat(reason(text.getBytes(StandardCharsets.UTF_16LE))).contains("begin like JSON");
    assertThat(reason(text.getBytes(StandardCharsets.UTF_16BE))).contains("begin like JSON");
    assertThat(reason(text.getBytes(Charset.forName("UTF-32LE")))).contains("begin like JSON");
    assertThat(reason('\uFEFF' + text)).contains("begin like JSON");
    assertThat(reason(text.getBytes(StandardCharsets.UTF_16))).contains("not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "C3", "C3 28", "C0 80", "ED A0 80", "F5 80 80 80", "F4 90 80 80"})
  void keepsBytesThatAreNoText(String hex) throws IOException {
    byte[] bad = new byte[2_000];
    Arrays.fill(bad, (byte) 'a');
    int at = 1_500;
    for (String digits : hex.split(" ")) {
      bad[at++] = (byte) Integer.parseInt(digits, 16);
    }
    Verdict verdict = reader.read(bad);

    JsonNode out = new ObjectMapper().readTree(OutputEnvelope.invalid(bad, verdict, NOW));

    assertThat(verdict).isEqualTo(new Verdict.Unreadable("Processing error: message is not UTF-8"));
    assertThat(out.get("error_type").textValue()).isEqualTo("PROCESSING_ERROR");
    assertThat(out.get("metadata").get("processed_at").textValue())
        .isEqualTo("2026-11-21T05:00:00");
    assertThat(Base64.getDecoder().decode(out.get("raw_data_base64").textValue())).isEqualTo(bad);
  }

  @Test
  void keepsTextAsItWas() throws IOException {
    String text = "caf\u00e9 \ud83d\ude00 \" \\ \u0001 {";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    JsonNode out =
        new ObjectMapper().readTree(OutputEnvelope.invalid(bytes, reader.read(bytes), NOW));

    assertThat(out.get("raw_data").textValue()).isEqualTo(text);
    assertThat(out.has("raw_data_base64")).isFalse();
  }

  @Test
  void refusesToCallAValidMessageInvalid() {
    byte[] raw = RawEnvelope.of(EVENT);

    assertThatThrownBy(() -> OutputEnvelope.invalid(raw, reader.read(raw), NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsOnAfterAnyOfThem() {
    byte[] raw = RawEnvelope.of(EVENT);

    for (String bad : new String[] {"{\"payload\":{\"brand\":7", "{\"brand\":7}", "[[["}) {
      assertThat(reader.read(bad.getBytes(StandardCharsets.UTF_8)))
          .isNotInstanceOf(Verdict.Valid.class);
      assertThat(reader.read(raw)).isEqualTo(new Verdict.Valid(EVENT));
    }
  }
}
