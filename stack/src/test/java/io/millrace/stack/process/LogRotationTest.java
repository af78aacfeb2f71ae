package io.millrace.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRotationTest {
  @TempDir Path folder;

  @AfterEach
  void end() {
    Termination.killMarked(mark());
  }

  @Test
  void boundsTheLogOfAProcessThatGoesOnWriting() throws IOException {
    Path logs = Files.createDirectory(folder.resolve("log"));
    Path log = logs.resolve("busy.log");
    Process busy =
        new ProcessBuilder("sh", "-c", "while :; do echo a line of its log; sleep 0.02; done")
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      LogRotation rotation = new LogRotation(logs, 200, Duration.ofSeconds(1));
      rotation.ensureRunning(mark());
      await().until(() -> Proc.withEnvironment(mark()).size() >= 1);

      await().until(() -> Files.exists(logs.resolve("busy.log.1")));

      long put = Files.size(logs.resolve("busy.log.1"));
      assertThat(put).isGreaterThan(200);
      await().until(() -> Files.size(log) > 0);
      assertThat(Files.readAllLines(log)).allMatch(line -> line.startsWith("a line"));
    } finally {
      busy.destroyForcibly();
    }
  }

  private String mark() {
    return "MILLRACE_TEST_LOGS=" + folder;
  }
}
