package io.millrace.activities.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeCounterTest {

  @ParameterizedTest
  @CsvSource({"'', 0", "a, 1", "'a\n', 1", "'a\nb', 2", "'a\n\nb\n', 2"})
  void countsTheLastLineWithOrWithoutABreakAndNoBlankOnes(String text, long lines)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(LakeCounter.count(new ByteArrayInputStream(bytes))).isEqualTo(lines);
  }
}
