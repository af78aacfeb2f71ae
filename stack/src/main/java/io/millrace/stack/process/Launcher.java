package io.millrace.stack.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts a process that outlives its starter: in a session of its own, so that Ctrl-C and a closed
 * terminal do not reach it, and with no file of ours but its log open.
 */
final class Launcher {
  /** Job control puts the process into a group of its own where there is no setsid, as on macOS. */
  private static final String WITHOUT_SETSID =
      "set -m 2>/dev/null; nohup \"$@\" </dev/null & echo $! >\"$MILLRACE_PID_FILE\"";

  private Launcher() {}

  /**
   * Starts the command.
   *
   * @param mark a {@code NAME=value} put into the environment, by which the process is found again
   */
  static ProcessId launch(ProcessSpec spec, String mark, Path log) throws IOException {
    Path setsid = Executables.onPath("setsid").orElse(null);
    List<String> command = new ArrayList<>();
    Path pidFile = Files.createTempFile("millrace", ".pid");
    try {
      command.addAll(
          setsid != null ? List.of(setsid.toString()) : List.of("sh", "-c", WITHOUT_SETSID, "sh"));
      command.addAll(spec.command());
      ProcessBuilder builder = new ProcessBuilder(command).directory(spec.directory().toFile());
      builder.environment().putAll(spec.environment());
      builder.environment().put("MILLRACE_PID_FILE", pidFile.toString());
      builder.environment().put(mark.split("=", 2)[0], mark.split("=", 2)[1]);
      builder.redirectInput(new File("/dev/null"));
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      Process process = builder.start();
      long pid = setsid != null ? process.pid() : backgroundPid(process, pidFile);
      return ProcessId.of(pid)
          .orElseThrow(() -> new IOException(spec.command().get(0) + " ended at once"));
    } finally {
      Files.deleteIfExists(pidFile);
    }
  }

  private static long backgroundPid(Process shell, Path pidFile) throws IOException {
    try {
      if (!shell.waitFor(10, TimeUnit.SECONDS)) {
        throw new IOException("the shell that starts processes did not end");
      }
      return Long.parseLong(Files.readString(pidFile).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (NumberFormatException e) {
      throw new IOException("the shell did not tell the pid", e);
    }
  }
}
