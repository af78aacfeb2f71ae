package io.millrace.activities.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Builds of a job that are no good. */
final class BrokenJars {
  private static final String THROWS =
      """
      public final class Broken {
        public static void main(String[] args) {
          throw new IllegalStateException("this build has no job");
        }
      }
      """;

  /** Under the real job's name, and with its state, of which it wants nothing. */
  private static final String FAILS =
      """
      import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
      public final class Broken {
        public static void main(String[] args) throws Exception {
          StreamExecutionEnvironment environment =
              StreamExecutionEnvironment.getExecutionEnvironment();
          environment
              .fromSequence(1, 1_000_000)
              .map(Broken::fail)
              .returns(Long.class)
              .print();
          environment.execute("validation");
        }

        private static Long fail(Long number) {
          throw new IllegalArgumentException("cannot do record " + number);
        }
      }
      """;

  private BrokenJars() {}

  /** One whose program throws. */
  static Path throwing(Path folder) throws IOException {
    return jar(folder.resolve("throwing"), THROWS);
  }

  /** One whose job fails at its first record. */
  static Path failing(Path folder) throws IOException {
    return jar(folder.resolve("failing"), FAILS);
  }

  private static Path jar(Path folder, String source) throws IOException {
    Files.createDirectories(folder);
    Path file = Files.writeString(folder.resolve("Broken.java"), source);
    String libraries;
    try (Stream<Path> jars = Files.list(FlinkProcesses.JAR.resolveSibling("lib"))) {
      libraries = jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", libraries, "-d", folder + "", file.toString());
    assertThat(status).isZero();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Broken");
    Path jar = folder.resolve("broken.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (String name : List.of("Broken.class", "Broken.java")) {
        out.putNextEntry(new JarEntry(name));
        out.write(Files.readAllBytes(folder.resolve(name)));
      }
    }
    return jar;
  }
}
