package io.millrace.workers.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of the licences of others against the libraries that Maven has copied. */
class NoticeIT {
  private static final List<String> MODULES = List.of("workers", "flink", "stack");

  @Test
  void everyLibraryIsNamedWithItsLicenceAndNoOther() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("../NOTICE")).stream()
            .filter(line -> line.matches("[a-z0-9_.-]+:\\S+.*"))
            .toList();
    List<String> artifacts = lines.stream().map(line -> line.split("[: ]")[1]).toList();
    List<String> jars = jars();

    assertThat(lines).allSatisfy(line -> assertThat(line).matches("\\S+ +[A-Z0-9].+"));
    assertThat(jars)
        .as("named in NOTICE")
        .allSatisfy(jar -> assertThat(artifacts).anyMatch(artifact -> isOf(jar, artifact)));
    assertThat(artifacts)
        .as("used")
        .allSatisfy(artifact -> assertThat(jars).anyMatch(jar -> isOf(jar, artifact)));
  }

  private static boolean isOf(String jar, String artifact) {
    return jar.startsWith(artifact + "-") && Character.isDigit(jar.charAt(artifact.length() + 1));
  }

  private static List<String> jars() throws IOException {
    List<String> names = new java.util.ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.list(Path.of("..", module, "target", "lib"))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> !name.startsWith("millrace-"))
            .forEach(names::add);
      }
    }
    return names;
  }
}
