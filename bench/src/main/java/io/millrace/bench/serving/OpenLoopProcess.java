package io.millrace.bench.serving;

import io.millrace.bench.Figures;
import io.millrace.bench.JavaProcess;
import io.millrace.bench.serving.OpenLoop.Outcome;
import io.millrace.stack.process.Executables;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OpenLoop} in a session of its own: who changes the versions meanwhile must not delay
 * those who count how long answers take.
 *
 * <p>The process reads one command a line, {@code most CONNECTIONS SECONDS}, {@code held RATE
 * SECONDS} or {@code run RATE SECONDS}, and writes one line of JSON for each.
 */
final class OpenLoopProcess implements AutoCloseable {
  private final Process process;
  private final PrintStream commands;
  private final BufferedReader results;

  private OpenLoopProcess(Process process) {
    this.process = process;
    this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.results = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Sends nothing yet.
   *
   * @param bodies a file with a request's body a line
   */
  static OpenLoopProcess start(URI url, Path bodies) throws IOException {
    ProcessBuilder builder =
        JavaProcess.of(OpenLoopProcess.class, url.toString(), bodies.toString());
    List<String> command = new ArrayList<>(builder.command());
    Executables.onPath("setsid").ifPresent(setsid -> command.add(0, setsid.toString()));
    return new OpenLoopProcess(builder.command(command).start());
  }

  /** As {@link OpenLoop#most}. */
  double most(int connections, Duration duration) throws IOException {
    return ask("most %d %d".formatted(connections, duration.toSeconds()), Double.class);
  }

  /** As {@link OpenLoop#mostHeld}. */
  double mostHeld(double above, Duration duration) throws IOException {
    return ask("held %s %d".formatted(above, duration.toSeconds()), Double.class);
  }

  /** As {@link OpenLoop#run}. */
  Outcome run(double perSecond, Duration duration) throws IOException {
    return ask("run %s %d".formatted(perSecond, duration.toSeconds()), Outcome.class);
  }

  private <T> T ask(String command, Class<T> result) throws IOException {
    commands.println(command);
    @Nullable String line = results.readLine();
    if (line == null) {
      throw new IOException("The load ended at '" + command + "'; see above");
    }
    return Figures.JSON.readValue(line, result);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  public static void main(String[] args) throws Exception {
    try (OpenLoop load = new OpenLoop(URI.create(args[0]), Files.readAllLines(Path.of(args[1])));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(Figures.JSON.writeValueAsString(answer(load, line.split(" "))));
      }
    }
  }

  private static Object answer(OpenLoop load, String[] command) throws Exception {
    Duration duration = Duration.ofSeconds(Long.parseLong(command[2]));
    return switch (command[0]) {
      case "most" -> load.most(Integer.parseInt(command[1]), duration);
      case "held" -> load.mostHeld(Double.parseDouble(command[1]), duration);
      case "run" -> load.run(Double.parseDouble(command[1]), duration);
      default -> throw new IllegalArgumentException("There is no " + command[0]);
    };
  }
}
