package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The rule that keeps commands quick: what only reads loads no class of the clients that it does
 * not use.
 */
class CommandClassesTest {
  private static final Pattern CLIENTS =
      Pattern.compile(
          "org\\.apache\\.kafka|org\\.apache\\.flink|org\\.jooq|org\\.flywaydb|ml\\.dmlc|io\\.minio"
              + "|redis\\.clients|org\\.mlflow|com\\.zaxxer|io\\.javalin|org\\.eclipse\\.jetty");

  @Test
  void commandsThatReadLoadNoOtherClient() throws Exception {
    Process trained =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                ArchiveTraining.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> loaded;
    try (var lines = trained.inputReader(StandardCharsets.UTF_8).lines()) {
      loaded = lines.toList();
    }
    assertThat(trained.waitFor()).isZero();
    assertThat(loaded)
        .anySatisfy(line -> assertThat(line).contains("io.millrace.workers.cli.RunsList"))
        .noneSatisfy(line -> assertThat(line).containsPattern(CLIENTS));
  }
}
