package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A module of the checkout whose {@code main} classes are run as processes.
 *
 * @param home the checkout
 * @param name the module's folder
 */
public record JavaModule(Path home, String name) {
  private static final String OURS = "millrace-";

  /** The command that runs a class of the module with the JDK that runs us. */
  public List<String> command(List<String> jvmOptions, String mainClass, List<String> arguments) {
    List<String> command = Executables.javaServer(jvmOptions);
    command.addAll(List.of("-cp", ClassArchive.classPath(classPath()), mainClass));
    command.addAll(arguments);
    return List.copyOf(command);
  }

  /** The classes of the libraries of others; ours come behind them and may be built anew. */
  public ClassArchive archive(String server) {
    return new ClassArchive(target().resolve("class-archives"), server, libraries(false));
  }

  private List<Path> classPath() {
    List<Path> all = new ArrayList<>(libraries(false));
    all.addAll(libraries(true));
    all.add(jar());
    return all;
  }

  private List<Path> libraries(boolean ours) {
    try (Stream<Path> libraries = Files.list(target().resolve("lib"))) {
      return libraries
          .filter(file -> file.getFileName().toString().startsWith(OURS) == ours)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StackException("Cannot read " + target() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Passes when the module is built.
   *
   * @throws StackException that says how to build it
   */
  public void requireBuilt() {
    if (!Files.isRegularFile(jar())) {
      throw new StackException(
          "%s is not there. Build first: mvn package -DskipTests -pl %s -am"
              .formatted(jar(), name));
    }
  }

  /**
   * What a process of the module is started with, so that it is replaced once our code was built
   * anew and differs: a running JVM must not meet other classes than it began with.
   */
  public Map<String, String> environment() {
    try (Stream<Path> libraries = Files.list(target().resolve("lib"))) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : Stream.concat(Stream.of(jar()), libraries.sorted()).toList()) {
        String name = file.getFileName().toString();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        if (name.startsWith(OURS)) {
          digest.update(Files.readAllBytes(file));
        }
      }
      return Map.of("MILLRACE_MODULE", HexFormat.of().formatHex(digest.digest()));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new StackException("Cannot read " + target() + ": " + e.getMessage(), e);
    }
  }

  private Path jar() {
    return target().resolve("millrace-" + name + ".jar");
  }

  private Path target() {
    return home.resolve(name).resolve("target");
  }
}
