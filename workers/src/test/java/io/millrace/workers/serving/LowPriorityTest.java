package io.millrace.workers.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class LowPriorityTest {
  @Test
  void othersGoFirstAsLongAsItWorks() {
    String before = group();
    String during = LowPriority.during(LowPriorityTest::group);
    assertThat(during).isEqualTo(before.replaceFirst("nice .*", "nice 19"));
    assertThat(group()).isEqualTo(before.replaceFirst("nice .*", "nice 0"));
  }

  @Test
  void isOverWhenTheWorkFails() {
    assertThatThrownBy(
            () ->
                LowPriority.during(
                    () -> {
                      throw new IllegalStateException("no port");
                    }))
        .hasMessage("no port");
    assertThat(group()).doesNotContain("nice 19");
  }

  /** As the kernel says it, like {@code /autogroup-27 nice 0}; empty where there are none. */
  private static String group() {
    try {
      return Files.exists(LowPriority.AUTOGROUP)
          ? Files.readString(LowPriority.AUTOGROUP).strip()
          : "";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + LowPriority.AUTOGROUP, e);
    }
  }
}
