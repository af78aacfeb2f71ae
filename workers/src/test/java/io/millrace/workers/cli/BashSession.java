package io.millrace.workers.cli;

import io.millrace.testing.Waiting;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A real bash that is given one command after the other and keeps what they set. */
final class BashSession implements AutoCloseable {
  private final Process bash;
  private final PrintStream keyboard;
  private final Path notes;

  /** What a command did. */
  record Outcome(int status, String out, String err) {
    String text() {
      return out + err;
    }
  }

  /**
   * Starts bash.
   *
   * @param folder where it starts
   * @param notes an empty folder for this session
   * @param environment added to ours
   */
  BashSession(Path folder, Path notes, Map<String, String> environment) throws IOException {
    this.notes = notes;
    ProcessBuilder builder = new ProcessBuilder("bash", "--noprofile", "--norc");
    builder.environment().putAll(environment);
    bash =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(notes.resolve("bash.log").toFile())
            .start();
    keyboard = new PrintStream(bash.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** Types a command and waits for its end, as long as it goes on to print or ends. */
  Outcome type(String command) throws IOException {
    start(command, "");
    Path status = notes.resolve("status");
    Waiting.until(command, this::state, state -> Files.exists(status));
    int code = Integer.parseInt(Files.readString(status).strip());
    return new Outcome(code, said("out"), said("err"));
  }

  /** Types a command that does not end by itself, waits for a text, and ends what it started. */
  Outcome typeUntil(String command, String text) throws IOException {
    start(command, "&");
    Path status = notes.resolve("status");
    Waiting.until(
        command + ", to say: " + text,
        this::state,
        said -> said.contains(text) || Files.exists(status));
    boolean found = (said("out") + said("err")).contains(text);
    long shell = Long.parseLong(said("pid").strip());
    ProcessHandle.of(shell).stream()
        .flatMap(ProcessHandle::descendants)
        .forEach(ProcessHandle::destroy);
    Waiting.until(command + ", to end", this::state, state -> Files.exists(status));
    return new Outcome(found ? 0 : 1, said("out"), said("err"));
  }

  private void start(String command, String background) throws IOException {
    Files.writeString(notes.resolve("command"), command + "\n");
    for (String old : new String[] {"status", "out", "err", "pid"}) {
      Files.deleteIfExists(notes.resolve(old));
    }
    // What the command starts in the background must not hold this shell's own files.
    keyboard.printf(
        "{ source '%1$s/command' >'%1$s/out' 2>'%1$s/err' </dev/null;"
            + " echo $? >'%1$s/status.new'; mv '%1$s/status.new' '%1$s/status'; } %2$s%n",
        notes, background);
    if (!background.isEmpty()) {
      keyboard.printf("echo $! >'%1$s/pid.new'; mv '%1$s/pid.new' '%1$s/pid'%n", notes);
      Waiting.until(
          "bash to start " + command, this::state, s -> Files.exists(notes.resolve("pid")));
    }
  }

  private String state() throws IOException {
    if (!bash.isAlive()) {
      throw new AssertionError("bash has ended: " + said("bash.log"));
    }
    return said("out") + said("err");
  }

  private String said(String file) throws IOException {
    Path path = notes.resolve(file);
    return Files.exists(path) ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8) : "";
  }

  @Override
  public void close() {
    bash.descendants().forEach(ProcessHandle::destroy);
    keyboard.close();
    bash.destroy();
  }
}
