package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A module of the checkout whose {@code main} classes are run as processes.
 *
 * @param home the checkout
 * @param name the module's folder
 */
public record JavaModule(Path home, String name) {
  /** The command that runs a class of the module with the JDK that runs us. */
  public List<String> command(List<String> jvmOptions, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Executables.java().toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", jar() + java.io.File.pathSeparator + target() + "/lib/*"));
    command.add(mainClass);
    command.addAll(arguments);
    return List.copyOf(command);
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

  private Path jar() {
    return target().resolve("millrace-" + name + ".jar");
  }

  private Path target() {
    return home.resolve(name).resolve("target");
  }
}
