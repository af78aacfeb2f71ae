package io.millrace.bench.stream;

import io.millrace.activities.streaming.Topics;
import io.millrace.bench.PeerPython;
import io.millrace.stack.Endpoints;
import io.millrace.stack.process.JavaModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The processes that the stream bench compares: each reads the raw topic from its beginning and
 * writes every message once. All are killed when what they wrote has been counted.
 */
final class StreamSide {
  private static final List<String> JVM =
      List.of(
          "-Xms256m",
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "--add-opens",
          "java.base/java.lang=ALL-UNNAMED",
          "--add-opens",
          "java.base/java.util=ALL-UNNAMED",
          "--add-opens",
          "java.base/java.time=ALL-UNNAMED");
  static final String CHECKPOINT_INTERVAL = "500ms";
  private static final String CHECKPOINT_MILLIS = "500";

  private final Endpoints at;
  private final Path home;
  private final Path work;

  StreamSide(Endpoints at, Path home, Path work) {
    this.at = at;
    this.home = home;
    this.work = work;
  }

  /** Our process, as the local stack starts it, with some of its jobs. */
  Process millrace(String jobs, int parallelism, int port) throws IOException {
    Map<String, String> settings = new TreeMap<>(at.toProperties());
    settings.put("flink.rest-port", Integer.toString(port));
    settings.put("flink.metrics-port", "0");
    settings.put("flink.slots", Integer.toString(parallelism));
    settings.put("flink.work-dir", work.resolve("flink-" + port).toString());
    settings.put("flink.jobs", jobs);
    settings.put("flink.checkpoint-interval", CHECKPOINT_INTERVAL);
    Path file = work.resolve("flink-" + port + ".properties");
    Files.writeString(
        file,
        settings.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining()));
    return start(
        new JavaModule(home, "flink")
            .command(JVM, "io.millrace.flink.FlinkMain", List.of("--config", file.toString())));
  }

  /** The limit: the same sources and sinks with nothing between them. */
  Process copy(String to, int parallelism) throws IOException {
    Path target = home.resolve("flink/target");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(JVM);
    command.addAll(
        List.of(
            "-cp",
            target.resolve("test-classes")
                + ":"
                + target.resolve("millrace-flink.jar")
                + ":"
                + target
                + "/lib/*",
            "io.millrace.flink.load.CopyMain",
            at.kafka().bootstrapServers(),
            Topics.RAW,
            to,
            Integer.toString(parallelism),
            CHECKPOINT_MILLIS,
            work.resolve("copy-state").toString()));
    return start(command);
  }

  /** The seed's own way. */
  Process pyflink(PeerPython python, String valid, String invalid, int parallelism)
      throws IOException {
    return start(
        python.command(
            "pyflink_validate.py",
            List.of(
                "--bootstrap",
                at.kafka().bootstrapServers(),
                "--topic",
                Topics.RAW,
                "--valid",
                valid,
                "--invalid",
                invalid,
                "--jars",
                home.resolve("flink/target/lib").toString(),
                "--parallelism",
                Integer.toString(parallelism))));
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(work.resolve("sides.log").toFile()))
        .start();
  }
}
