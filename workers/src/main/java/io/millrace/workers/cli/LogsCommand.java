package io.millrace.workers.cli;

import io.millrace.stack.StatusRow;
import io.millrace.workers.local.LocalMillrace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the log of a server or of the worker. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    header = "Print the end of a server's or the worker's log.")
final class LogsCommand implements Callable<Integer> {
  private static final int CHUNK = 64 * 1024;
  private static final long POLL_MILLIS = 250;

  private final Console console;

  @Parameters(
      paramLabel = "NAME",
      description = "temporal, postgres, kafka, s3, redis, mlflow, flink or worker.")
  private String name = "";

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "100",
      description = "So many lines from the end. Default: ${DEFAULT-VALUE}.")
  private int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what is added, until Ctrl-C.")
  private boolean follow;

  LogsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalMillrace local = LocalCommands.local(console);
    Path log = local.stack().log(name);
    if (!Files.isRegularFile(log)) {
      List<String> names = local.status().stream().map(StatusRow::name).toList();
      throw names.contains(name)
          ? CommandFailure.usage("there is no log of " + name + " yet: " + log)
          : Names.unknown("log", name, names);
    }
    long end = printEnd(log);
    while (follow) {
      end = printFrom(log, end);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return ExitCode.OK;
  }

  private long printEnd(Path log) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long length = file.length();
      long start = length;
      int found = 0;
      byte[] chunk = new byte[CHUNK];
      while (start > 0 && found <= lines) {
        int size = (int) Math.min(CHUNK, start);
        start -= size;
        file.seek(start);
        file.readFully(chunk, 0, size);
        for (int i = size - 1; i >= 0 && found <= lines; i--) {
          boolean lastOfAll = start + i == length - 1;
          if (chunk[i] == '\n' && !lastOfAll && ++found == lines) {
            return printFrom(log, start + i + 1);
          }
        }
      }
      return printFrom(log, 0);
    }
  }

  private long printFrom(Path log, long from) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long length = file.length();
      long at = from > length ? 0 : from;
      byte[] chunk = new byte[CHUNK];
      file.seek(at);
      while (at < length) {
        int read = file.read(chunk, 0, (int) Math.min(CHUNK, length - at));
        if (read < 0) {
          break;
        }
        console.out().print(new String(chunk, 0, read, StandardCharsets.UTF_8));
        at += read;
      }
      console.out().flush();
      return at;
    }
  }
}
