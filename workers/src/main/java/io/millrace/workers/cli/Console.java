package io.millrace.workers.cli;

import io.millrace.workers.config.BuildId;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command sees of the world around it.
 *
 * @param out results, and nothing but results, so that a script can read them
 * @param err progress and errors
 * @param interactive whether a person watches: lines may be redrawn
 * @param columns width of the terminal
 * @param environment the environment variables
 * @param home the repository or installation folder
 * @param workingDirectory where the command was called
 */
public record Console(
    PrintWriter out,
    PrintWriter err,
    boolean interactive,
    int columns,
    Map<String, String> environment,
    Path home,
    Path workingDirectory) {

  static Console ofSystem() {
    Path here = Path.of("").toAbsolutePath();
    String home = System.getenv().getOrDefault("MILLRACE_HOME", here.toString());
    return new Console(
        writer(System.out),
        writer(System.err),
        Boolean.getBoolean("millrace.tty"),
        Math.max(40, Integer.getInteger("millrace.columns", 80)),
        System.getenv(),
        Path.of(home),
        here);
  }

  /** Where the local servers keep their data and logs. */
  public Path dataDirectory() {
    String elsewhere = environment.get("MILLRACE_DATA");
    return elsewhere == null ? home.resolve(".millrace") : Path.of(elsewhere);
  }

  /** Whether to say where an error comes from, line by line. */
  public boolean showsStackTraces() {
    return "1".equals(environment.get("MILLRACE_DEBUG"));
  }

  /** Git's name of the code that runs, or {@code unknown}. */
  public String buildId() {
    return BuildId.of(environment);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
