package io.millrace.stack.install;

import io.millrace.stack.StackException;
import io.millrace.stack.process.MachineLoad;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command of the set-up to its end. */
public final class Commands {
  /** By its value, the folder that is being built, the processes of a build are found again. */
  static final String MARK = "MILLRACE_BUILD";

  private static final int TAIL = 8;

  private Commands() {}

  /**
   * Runs it and returns what it wrote, standard error included.
   *
   * @param patience how long it may take on an idle machine, see {@link MachineLoad}
   * @throws StackException when it fails or takes too long, with its last lines
   */
  public static String run(
      List<String> command, Map<String, String> environment, Duration patience) {
    Path output = null;
    try {
      output = Files.createTempFile("millrace", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(new ArrayList<>(command))
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!waitFor(process, patience)) {
        throw new StackException(
            "%s did not end within %d s".formatted(shown(command), patience.toSeconds()));
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw new StackException(
            "%s failed (exit code %d):%n  %s"
                .formatted(shown(command), process.exitValue(), lastLines(text)));
      }
      return text;
    } catch (IOException e) {
      throw new StackException("%s: %s".formatted(shown(command), e.getMessage()), e);
    } finally {
      deleteQuietly(output);
    }
  }

  private static boolean waitFor(Process process, Duration patience) {
    boolean ended = false;
    try {
      ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        Duration more = MachineLoad.stretch(patience).minus(patience);
        ended = process.waitFor(more.toMillis(), TimeUnit.MILLISECONDS);
      }
      return ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }

  private static String shown(List<String> command) {
    return String.join(" ", command.subList(0, Math.min(5, command.size())));
  }

  private static String lastLines(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return String.join("\n  ", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  private static void deleteQuietly(@org.jspecify.annotations.Nullable Path file) {
    if (file != null && !file.toFile().delete()) {
      file.toFile().deleteOnExit();
    }
  }
}
