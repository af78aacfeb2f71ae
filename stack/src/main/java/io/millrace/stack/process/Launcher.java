package io.millrace.stack.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
   * @param jvmOptions further ones, if it is a JVM
   * @param mark a {@code NAME=value} put into the environment, by which the process is found again
   */
  static ProcessId launch(ProcessSpec spec, List<String> jvmOptions, String mark, Path log)
      throws IOException {
    List<String> command = spec.command(jvmOptions);
    Optional<Path> setsid = Executables.onPath("setsid");
    return setsid.isPresent()
        ? inSession(setsid.get(), command, spec, mark, log)
        : inBackground(command, spec, mark, log);
  }

  /**
   * Our child is never the leader of a process group, so setsid becomes the command without a fork.
   */
  private static ProcessId inSession(
      Path setsid, List<String> command, ProcessSpec spec, String mark, Path log)
      throws IOException {
    Process process = builder(List.of(setsid.toString()), command, spec, mark, log).start();
    return identify(process.pid(), spec);
  }

  /** For systems without setsid. */
  static ProcessId inBackground(List<String> command, ProcessSpec spec, String mark, Path log)
      throws IOException {
    Path pidFile = Files.createTempFile("millrace", ".pid");
    try {
      ProcessBuilder builder =
          builder(List.of("sh", "-c", WITHOUT_SETSID, "sh"), command, spec, mark, log);
      builder.environment().put("MILLRACE_PID_FILE", pidFile.toString());
      return identify(backgroundPid(builder.start(), pidFile), spec);
    } finally {
      Files.deleteIfExists(pidFile);
    }
  }

  private static ProcessBuilder builder(
      List<String> prefix, List<String> command, ProcessSpec spec, String mark, Path log) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(Executables.privately(command));
    ProcessBuilder builder = new ProcessBuilder(whole).directory(spec.directory().toFile());
    builder.environment().putAll(spec.environment());
    builder.environment().put(mark.split("=", 2)[0], mark.split("=", 2)[1]);
    return builder
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  private static ProcessId identify(long pid, ProcessSpec spec) throws IOException {
    return ProcessId.of(pid)
        .orElseThrow(() -> new IOException(spec.command().get(0) + " ended at once"));
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
