package io.millrace.workers.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.registry.MlflowRegistry.Model;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A share is a number from 0 to 1, or the canary is refused with what the tag says. */
class CanaryShareTest {
  private static Model tagged(String share) {
    return new Model("shop", Map.of("canary", "8"), Map.of(RegistryModels.CANARY_SHARE, share));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "0.25, 0.25", "1e-3, 0.001", "' 0.5 ', 0.5"})
  void takesNumbersFrom0To1(String text, double share) {
    assertThat(RegistryModels.shareProblem(tagged(text))).isNull();
    assertThat(RegistryModels.canaryShare(tagged(text))).isEqualTo(share);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2", "-0.1", "1.0001", "NaN", "Infinity", "-Infinity", "1e400", "", "ten %"})
  void refusesOthersWithTheTag(String text) {
    assertThat(RegistryModels.shareProblem(tagged(text)))
        .startsWith(
            "Tag canary_share of model 'shop' must be a number from 0 to 1, but is '" + text + "'")
        .contains("millrace models canary shop --share");
    assertThatThrownBy(() -> RegistryModels.canaryShare(tagged(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void printsWhatTheTagSays() {
    assertThat(RegistryModels.shareProblem(tagged("\u001b[2J\n2")))
        .contains("'\\u001b[2J\\u000a2'");
  }

  @Test
  void hasADefault() {
    assertThat(RegistryModels.canaryShare(new Model("shop", Map.of(), Map.of()))).isEqualTo(0.1);
  }
}
