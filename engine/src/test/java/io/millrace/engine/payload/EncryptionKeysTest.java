package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class EncryptionKeysTest {

  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void readsSeveralAndShowsNone() {
    EncryptionKeys keys = EncryptionKeys.parse("b", "a:%s, b:%s".formatted(KEY, KEY));

    assertThat(keys.currentId()).isEqualTo("b");
    assertThat(keys.ids()).isEqualTo("a, b");
    assertThat(keys.toString()).contains("a", "b").doesNotContain(KEY);
  }

  @Test
  void everyMistakeIsNamedWithoutTheKey() {
    refused("c", "a:" + KEY, "'c' is not among the keys [a]");
    refused("a", KEY, "number 1 has no id");
    refused("a", "a:c2hvcnQ=", "Encryption key 'a' has 5 bytes, but needs 32");
    refused("a", "a:c2hvcnQ!", "Encryption key 'a' is not base64");
    refused("a", "a:%s,a:%s".formatted(KEY, KEY), "'a' is given twice");
    refused("a b", "a b:" + KEY, "id 'a b' must match");
  }

  private static void refused(String current, String text, String message) {
    assertThatThrownBy(() -> EncryptionKeys.parse(current, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("c2hv", "AAAA"));
  }
}
