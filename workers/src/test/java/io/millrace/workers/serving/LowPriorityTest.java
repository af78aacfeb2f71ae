package io.millrace.workers.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LowPriorityTest {
  @Test
  void othersGoFirstAsLongAsItWorks() {
    String before = group();
    String during = LowPriority.during(0, LowPriorityTest::group);
    assertThat(during).isEqualTo(before.replaceFirst("nice .*", "nice 19"));
    assertThat(group()).isEqualTo(before.replaceFirst("nice .*", "nice 0"));
  }

  @Test
  void isOverWhenTheWorkFails() {
    assertThatThrownBy(
            () ->
                LowPriority.during(
                    0,
                    () -> {
                      throw new IllegalStateException("no port");
                    }))
        .hasMessage("no port");
    assertThat(group()).doesNotContain("nice 19");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsToOneProcessorAndThenGivesAllThreadsAllBack() throws Exception {
    int all = Runtime.getRuntime().availableProcessors();
    List<String> said = probe("-XX:ActiveProcessorCount=" + all);
    assertThat(said.get(1)).matches("\\[\\[\\d+]]");
    assertThat(said.get(2)).isEqualTo(said.get(0));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void keepsAllIfTheJvmWouldTakeTheFewForAllThereAre() throws Exception {
    List<String> said = probe("-XX:+UseSerialGC");
    assertThat(said.get(2)).isEqualTo(said.get(0));
    if (Runtime.getRuntime().availableProcessors() > 1) {
      assertThat(said.get(1)).isEqualTo(said.get(0));
    }
  }

  /** What the threads of a JVM of its own may run on: before, during and after. */
  private static List<String> probe(String option) throws Exception {
    Process jvm =
        new ProcessBuilder(
                Executables.java().toString(),
                option,
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> said =
        new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("[["))
            .toList();
    assertThat(jvm.waitFor()).isZero();
    assertThat(said).hasSize(3);
    return said;
  }

  /** See {@link #probe}. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(Processors.ofThreads());
      System.out.println(
          LowPriority.during(
              1,
              () -> {
                Thread begun = new Thread(() -> LockSupport.park(), "begun");
                begun.setDaemon(true);
                begun.start();
                try {
                  return Processors.ofThreads();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
      System.out.println(Processors.ofThreads());
    }
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
