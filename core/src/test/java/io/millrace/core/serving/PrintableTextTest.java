package io.millrace.core.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No byte of a file and no word of the JSON library comes into a message. */
class PrintableTextTest {
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}\ufffd]");

  @Test
  void keepsWhatPrintsAndEscapesTheRest() {
    assertThat(PrintableText.of("naïve 価格")).isEqualTo("naïve 価格");
    assertThat(PrintableText.of("a\nb\u001b[31m\u202ec\0\ufffd\ud800"))
        .isEqualTo("a\\u000ab\\u001b[31m\\u202ec\\u0000\\ufffd\\ud800");
    assertThat(PrintableText.of("x".repeat(200))).isEqualTo("x".repeat(80) + "…");
    assertThat(PrintableText.of(null)).isEqualTo("null");
  }

  @Property(tries = 500)
  void whateverIsInIt(@ForAll String text, @ForAll @IntRange(min = 1, max = 90) int most) {
    String printable = PrintableText.of(text, most);

    assertThat(UNPRINTABLE.matcher(printable).find()).as(printable).isFalse();
    assertThat(printable.length()).isLessThanOrEqualTo(most + 1);
  }

  @Property(tries = 2_000)
  void refusalsOfDamagedModelsPrint(@ForAll @IntRange(max = 2) int file, @ForAll long seed) {
    String[] files = {"3.2.0-named.ubj", "3.2.0-stump.json", "1.7.6-zeros.ubj"};
    byte[] bytes = Golden.bytes(files[file]);
    Random random = new Random(seed);
    for (int i = 0; i < 4; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }

    assertPrints(catchThrowable(() -> Scorer.read(bytes)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u00ff\u001b[2J",
        "{\"learner\": \u0007}",
        "{\"learner\": {\"gradient_booster\": {\"name\": \"\\u001b[31m\\n\\u0000\"}}}",
        "{\"learner\": {\"gradient_booster\": {\"name\": \"gbtree\"}, \"learner_model_param\":"
            + " {\"num_class\": \"0\"}, \"objective\": {\"name\": \"\\u0085\\ud83d\\n\"}}}",
        "{\"learner\": {\"gradient_booster\": {\"name\": \"gbtree\"}, \"learner_model_param\":"
            + " {\"num_class\": \"\\u0000\"}, \"objective\": {\"name\": \"reg:gamma\"}}}"
      })
  void textsOfAFileDoToo(String model) {
    Throwable refusal = catchThrowable(() -> Scorer.read(model.getBytes(ISO_8859_1)));

    assertThat(refusal).isInstanceOf(UnsupportedModelException.class);
    assertPrints(refusal);
  }

  private static void assertPrints(Throwable refusal) {
    if (refusal != null) {
      assertThat(UNPRINTABLE.matcher(String.valueOf(refusal.getMessage())).find())
          .as(refusal.getMessage())
          .isFalse();
      assertThat(refusal.getMessage()).hasSizeLessThan(1_000);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"a\" 1}",
        "[1 2]",
        "tru",
        "{\"a\": NaN}",
        "{\"a\": 01}",
        "\"\\x\"",
        "\"\u0001\"",
        "{\"a\": \u00ff\u00fe}",
        "[1e]",
        "{,}",
        "}"
      })
  void saysWhereAJsonTextIsWrongInItsOwnWords(String text) {
    Throwable thrown =
        catchThrowable(
            () -> {
              try (JsonParser json = new JsonFactory().createParser(text.getBytes(UTF_8))) {
                while (json.nextToken() != null) {
                  json.getValueAsDouble();
                }
              }
            });

    assertThat(JsonFault.of((IOException) thrown))
        .matches(
            "it (is not valid JSON|ends in the middle of the document) at line 1, column \\d+");
  }

  @Test
  void saysThatJsonIsTooDeep() {
    Throwable thrown =
        catchThrowable(
            () -> {
              try (JsonParser json = new JsonFactory().createParser("[".repeat(5_000))) {
                while (json.nextToken() != null) {
                  json.currentToken();
                }
              }
            });

    assertThat(JsonFault.of((IOException) thrown)).startsWith("it is nested too deeply");
  }
}
