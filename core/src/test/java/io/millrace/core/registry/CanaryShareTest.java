package io.millrace.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A share is a number from 0 to 1, or the canary is refused with what the tag says. */
class CanaryShareTest {
  private static RegisteredModel tagged(String share) {
    return new RegisteredModel("shop", Map.of("canary", "8"), Map.of("canary_share", share));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "0.25, 0.25", "1e-3, 0.001", "' 0.5 ', 0.5"})
  void takesNumbersFrom0To1(String text, double share) {
    assertThat(CanaryShare.problem(tagged(text))).isNull();
    assertThat(CanaryShare.of(tagged(text))).isEqualTo(share);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2", "-0.1", "1.0001", "NaN", "Infinity", "-Infinity", "1e400", "", "ten %"})
  void refusesOthersWithTheTag(String text) {
    assertThat(CanaryShare.problem(tagged(text)))
        .startsWith(
            "Tag canary_share of model 'shop' must be a number from 0 to 1, but is '" + text + "'")
        .contains("millrace models canary shop --share");
    assertThatThrownBy(() -> CanaryShare.of(tagged(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void printsWhatTheTagSays() {
    assertThat(CanaryShare.problem(tagged("\u001b[2J\n2"))).contains("'\\u001b[2J\\u000a2'");
  }

  @Test
  void hasADefault() {
    assertThat(CanaryShare.of(new RegisteredModel("shop", Map.of(), Map.of()))).isEqualTo(0.1);
  }
}
