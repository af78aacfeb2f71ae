package io.millrace.stack.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds programs. */
public final class Executables {
  /** Names the variable with further options of all our JVMs that serve, between spaces. */
  public static final String SERVER_OPTIONS = "MILLRACE_SERVER_JAVA_OPTS";

  private Executables() {}

  /** The program of this name on the PATH. */
  public static Optional<Path> onPath(String name) {
    return in(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator), name);
  }

  /** The same for a server's program, which Debian keeps where users' PATH does not lead. */
  public static Optional<Path> server(String name) {
    return onPath(name).or(() -> in(new String[] {"/usr/sbin", "/usr/local/sbin"}, name));
  }

  private static Optional<Path> in(String[] folders, String name) {
    return Arrays.stream(folders)
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** The java of the JDK that runs us. */
  public static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** A command that becomes the given one, whose files and sockets are its user's alone. */
  public static List<String> privately(List<String> command) {
    List<String> whole = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh"));
    whole.addAll(command);
    return whole;
  }

  /**
   * How a server of that java is called: with its options, and behind them those that the
   * environment's {@value #SERVER_OPTIONS} has for all servers.
   */
  public static List<String> javaServer(List<String> options) {
    List<String> command = new ArrayList<>(List.of(java().toString()));
    command.addAll(options);
    String further = System.getenv().getOrDefault(SERVER_OPTIONS, "");
    Arrays.stream(further.split(" ")).filter(option -> !option.isBlank()).forEach(command::add);
    return command;
  }
}
