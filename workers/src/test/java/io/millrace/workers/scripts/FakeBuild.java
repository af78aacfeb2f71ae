package io.millrace.workers.scripts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A project of three modules, in which each later one needs the one before, and a Maven that does
 * what it was made to do: it leaves the reports and says the lines that the real one would.
 */
final class FakeBuild {
  static final List<String> MODULES = List.of("core", "engine", "workers");

  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0"><artifactId>%s</artifactId><name>%s</name>%s</project>
      """;

  private final Path home;
  private final Path programs;
  private final StringBuilder maven =
      new StringBuilder(
          """
          #!/usr/bin/env bash
          run=$(($(cat runs 2>/dev/null || echo 0) + 1))
          echo $run >runs
          echo "$*" >>arguments
          report() { # module, suite, class, tests, failures, body
            mkdir -p "$1/target/$2-reports"
            echo "<testsuite>$6</testsuite>" >"$1/target/$2-reports/TEST-$3.xml"
            echo "$6" >"$1/target/$2-reports/$3.txt"
            echo "[INFO] Tests run: $4, Failures: $5, Errors: 0, Skipped: 0"
          }
          """);

  FakeBuild(Path directory) throws IOException {
    home = Files.createDirectories(directory.resolve("home"));
    programs = Files.createDirectories(directory.resolve("programs"));
    List<String> lines = new ArrayList<>();
    for (String module : MODULES) {
      lines.add("<module>" + module + "</module>");
      Path tests = Files.createDirectories(home.resolve(module).resolve("src/test/java"));
      Files.createFile(tests.resolve("ATest.java"));
      Files.createFile(tests.resolve("AnIT.java"));
      write(home.resolve(module).resolve("pom.xml"), POM.formatted("p-" + module, module, ""));
    }
    String all = "<modules>" + String.join("", lines) + "</modules>";
    write(home.resolve("pom.xml"), POM.formatted("p", "Project", all));
    program("nginx", "#!/bin/sh\n");
    program("chromium", "#!/bin/sh\n");
  }

  Path home() {
    return home;
  }

  /** Lines of the shell that stands for Maven, each run of which has its number in {@code $run}. */
  FakeBuild doing(String shell) {
    maven.append(shell).append('\n');
    return this;
  }

  /** One unit test and one integration test of the module pass. */
  FakeBuild passing(String module) {
    return doing(
        """
        report %1$s surefire ATest 1 0 '<testcase classname="ATest" name="good"/>'
        report %1$s failsafe AnIT 1 0 '<testcase classname="AnIT" name="good"/>'
        """
            .formatted(module));
  }

  /** The integration test passes and the unit test fails. */
  FakeBuild failing(String module) {
    return passing(module)
        .doing(
            """
            report %s surefire ATest 1 1 '<testcase classname="ATest" name="bad"><failure message="&#10;7, not 6&#10;more">trace</failure></testcase>'
            """
                .formatted(module));
  }

  /** Maven says what became of the modules, and exits so. */
  FakeBuild ending(int status, String... states) {
    doing("echo '[INFO] Reactor Summary for Project 1:'");
    for (int i = 0; i < states.length; i++) {
      doing("echo '[INFO] %s ................ %s [  1.0 s]'".formatted(MODULES.get(i), states[i]));
    }
    return doing("exit " + status);
  }

  /** What the command printed, both streams, and its exit status. */
  record Ended(int status, String printed) {
    String lastLine() {
      List<String> lines = printed.lines().toList();
      return lines.get(lines.size() - 1);
    }
  }

  Ended test(String... arguments) throws Exception {
    program("mvn", maven.toString());
    List<String> command = new ArrayList<>(List.of("../scripts/test"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MILLRACE_HOME", home.toString());
    builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), printed);
  }

  private void program(String name, String text) {
    try {
      Path file = programs.resolve(name);
      write(file, text);
      Files.setPosixFilePermissions(file, fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }
}
