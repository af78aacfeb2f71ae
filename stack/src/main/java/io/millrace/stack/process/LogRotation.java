package io.millrace.stack.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the logs of running processes small: once a minute a log that has grown beyond the limit is
 * copied beside itself and emptied, so that each takes at most about twice the limit. It ends with
 * the folder. What is written between the copy and the emptying is lost.
 *
 * @param folder of the logs
 * @param limit in bytes
 * @param every how often it looks
 */
record LogRotation(Path folder, long limit, Duration every) {
  /**
   * Arguments: the folder, bytes, seconds. Processes append to their logs, so they go on at the
   * top.
   */
  private static final String LOOK =
      """
      while [ -d "$1" ]; do
        find "$1" -maxdepth 1 -name '*.log' -size +"$2"c | while read -r log; do
          cp -p "$log" "$log.1" && : >"$log"
        done
        sleep "$3"
      done
      """;

  LogRotation(Path folder) {
    this(folder, ProcessLog.ROTATE_AT, Duration.ofMinutes(1));
  }

  /** Starts it unless it runs. */
  void ensureRunning(String mark) throws IOException {
    if (!Proc.isThere() || !Proc.withEnvironment(mark).isEmpty()) {
      return;
    }
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>();
    Executables.onPath("setsid").ifPresent(setsid -> command.add(setsid.toString()));
    command.addAll(Executables.privately(List.of("sh", "-c", LOOK, "sh")));
    command.addAll(
        List.of(folder.toString(), Long.toString(limit), Long.toString(every.toSeconds())));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(mark.split("=", 2)[0], mark.split("=", 2)[1]);
    Process unused = builder.start();
  }
}
