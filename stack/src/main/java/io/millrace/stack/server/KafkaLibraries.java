package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.StackException;
import io.millrace.stack.process.ClassArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The libraries of Kafka and Kafka Connect, which never stand on the class path of our own code.
 *
 * @param home the checkout
 */
record KafkaLibraries(Path home) {

  /**
   * Passes when they are there.
   *
   * @throws StackException that says how to get them
   */
  void requireBuilt() {
    if (!Files.isDirectory(folder())) {
      throw new StackException(
          "Kafka's libraries are not in %s. Build first: mvn package -pl stack -am -DskipTests"
              .formatted(folder()));
    }
  }

  String classPath() {
    return ClassArchive.classPath(files());
  }

  /** Their classes, as far as a server needs them. */
  ClassArchive archive(Component server) {
    return new ClassArchive(home.resolve("stack/target/class-archives"), server.id(), files());
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new StackException("Cannot read " + folder() + ": " + e.getMessage(), e);
    }
  }

  /** Writes the settings of the log into a server's folder. */
  Path logging(Path folder) throws IOException {
    return Files.writeString(folder.resolve("logback.xml"), resource("kafka-logback.xml"));
  }

  /** A text that lies beside this class. */
  static String resource(String name) throws IOException {
    try (InputStream in = KafkaLibraries.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Path folder() {
    return home.resolve("stack/target/lib");
  }
}
