package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.stack.Endpoints;
import io.millrace.stack.process.ClassArchive;
import io.millrace.stack.process.JavaModule;
import io.millrace.stack.process.Ports;
import io.millrace.testing.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** {@link FlinkMain} as a child process, started the way the local stack starts it. */
final class FlinkProcess implements AutoCloseable {
  private static final JavaModule MODULE =
      new JavaModule(Path.of("..").toAbsolutePath().normalize(), "flink");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final Pattern JOB_ID = Pattern.compile("\"id\":\"([0-9a-f]+)\"");
  private static final Pattern COMPLETED = Pattern.compile("\"completed\":[1-9]");

  private final Path folder;
  private final Path settings;
  private final Path log;
  private final int port;
  private Process process;
  private ClassArchive.Start classes;

  FlinkProcess(Path folder, Endpoints.Kafka kafka, Endpoints.S3 s3, Map<String, String> more) {
    this.folder = folder;
    this.log = folder.resolve("flink.log");
    this.port = Ports.free(1).get(0);
    Map<String, String> values = new TreeMap<>();
    values.put("kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("s3.endpoint", s3.endpoint());
    values.put("s3.region", s3.region());
    values.put("s3.access-key", s3.accessKey());
    values.put("s3.secret-key", s3.secretKey());
    values.put("flink.rest-port", String.valueOf(port));
    values.put("flink.metrics-port", "0");
    values.put("flink.slots", "4");
    values.put("flink.jobs", "validation,lake");
    values.put("flink.work-dir", folder.resolve("work").toString());
    values.putAll(more);
    List<String> lines = new ArrayList<>();
    values.forEach((key, value) -> lines.add(key + "=" + value));
    this.settings = folder.resolve("flink.properties");
    try {
      Files.write(settings, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() throws IOException {
    List<String> jvm =
        new ArrayList<>(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    for (String opened : List.of("java.util", "java.lang", "java.time")) {
      jvm.addAll(List.of("--add-opens", "java.base/" + opened + "=ALL-UNNAMED"));
    }
    classes = MODULE.archive("flink").start();
    jvm.addAll(classes.options());
    List<String> command =
        MODULE.command(jvm, FlinkMain.class.getName(), List.of("--config", settings.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(FLINK|KAFKA|S3|REDIS|POSTGRES|FEATURES)_.*"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process = builder.start();
  }

  void awaitRunning() {
    await()
        .pollInterval(Duration.ofMillis(200))
        .failFast("Flink has ended, see " + log, () -> !process.isAlive())
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(get("/jobs/overview").split("\"state\":\"RUNNING\"", -1)).hasSize(3));
    MODULE.archive("flink").make(classes);
  }

  /** Waits until both jobs have completed a checkpoint since they were started. */
  void awaitCheckpoint() {
    awaitRunning();
    await()
        .pollInterval(Duration.ofMillis(100))
        .failFast("Flink has ended, see " + log, () -> !process.isAlive())
        .until(
            () ->
                JOB_ID
                    .matcher(get("/jobs"))
                    .results()
                    .allMatch(id -> COMPLETED.matcher(get(checkpoints(id.group(1)))).find()));
  }

  private static String checkpoints(String job) {
    return "/jobs/" + job + "/checkpoints";
  }

  String get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Waiting.LIMIT)
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL. */
  void kill9() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; returns the exit status, which is 143 for a JVM that ended in order. */
  int stop() throws InterruptedException {
    process.destroy();
    return Waiting.ended(process);
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
