package io.millrace.activities.jobs;

import io.millrace.stack.Endpoints;
import io.millrace.stack.process.JavaModule;
import io.millrace.stack.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Flink from module {@code flink}, as one process or as a JobManager and a TaskManager. */
final class FlinkProcesses implements AutoCloseable {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> JVM =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.time=ALL-UNNAMED");

  /** The jar that the module builds. */
  static final Path JAR = HOME.resolve("flink/target/millrace-flink.jar");

  private final Path folder;
  private final Endpoints at;
  private final int rest = Ports.free(1).get(0);
  private final int metrics = Ports.free(1).get(0);
  private final List<Process> processes = new ArrayList<>();

  FlinkProcesses(Path folder, Endpoints at) {
    this.folder = folder;
    this.at = at;
  }

  URI restUrl() {
    return URI.create("http://127.0.0.1:" + rest);
  }

  URI metricsUrl() {
    return URI.create("http://127.0.0.1:" + metrics + "/metrics");
  }

  /** Our process, with one job. */
  void startLocal(String job) throws IOException {
    Path settings = settings(Map.of("flink.jobs", job));
    start("io.millrace.flink.FlinkMain", List.of(), List.of("--config", settings.toString()));
  }

  /** A cluster without a job, which takes the settings of jobs from a file of its own. */
  void startStandalone() throws IOException {
    Path settings = settings(Map.of());
    int rpc = Ports.free(1).get(0);
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.yaml"),
        """
        jobmanager.rpc.address: 127.0.0.1
        jobmanager.rpc.port: %d
        jobmanager.bind-host: 127.0.0.1
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        rest.port: %d
        metrics.fetcher.update-interval: 1000
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        taskmanager.numberOfTaskSlots: 2
        taskmanager.cpu.cores: 1
        taskmanager.memory.task.heap.size: 256mb
        taskmanager.memory.task.off-heap.size: 0
        taskmanager.memory.network.min: 32mb
        taskmanager.memory.network.max: 32mb
        taskmanager.memory.managed.size: 4mb
        taskmanager.memory.framework.heap.size: 64mb
        taskmanager.memory.framework.off-heap.size: 64mb
        taskmanager.memory.jvm-metaspace.size: 128mb
        taskmanager.memory.jvm-overhead.min: 64mb
        taskmanager.memory.jvm-overhead.max: 64mb
        io.tmp.dirs: %s
        s3.endpoint: %s
        s3.endpoint.region: %s
        s3.access-key: %s
        s3.secret-key: %s
        s3.path.style.access: true
        """
            .formatted(
                rpc,
                rest,
                folder,
                at.s3().endpoint(),
                at.s3().region(),
                at.s3().accessKey(),
                at.s3().secretKey()));
    List<String> arguments = List.of("--configDir", conf.toString());
    start(
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
        List.of("-Dmillrace.flink.config=" + settings),
        arguments);
    start("org.apache.flink.runtime.taskexecutor.TaskManagerRunner", List.of(), arguments);
  }

  private Path settings(Map<String, String> more) throws IOException {
    Map<String, String> values = new TreeMap<>(more);
    values.put("kafka.bootstrap-servers", at.kafka().bootstrapServers());
    values.put("s3.endpoint", at.s3().endpoint());
    values.put("s3.region", at.s3().region());
    values.put("s3.access-key", at.s3().accessKey());
    values.put("s3.secret-key", at.s3().secretKey());
    values.put("flink.rest-port", String.valueOf(rest));
    values.put("flink.metrics-port", String.valueOf(metrics));
    values.put("flink.slots", "2");
    values.put("flink.checkpoint-interval", "300ms");
    values.put("flink.work-dir", folder.resolve("work").toString());
    List<String> lines = new ArrayList<>();
    values.forEach((key, value) -> lines.add(key + "=" + value));
    return Files.write(folder.resolve("flink.properties"), lines);
  }

  private void start(String main, List<String> options, List<String> arguments) throws IOException {
    List<String> jvm = new ArrayList<>(JVM);
    jvm.addAll(options);
    JavaModule module = new JavaModule(HOME, "flink");
    jvm.addAll(module.archive("flink").mapped());
    ProcessBuilder builder =
        new ProcessBuilder(module.command(jvm, main, arguments))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(FLINK|KAFKA|S3|REDIS|POSTGRES|FEATURES)_.*"));
    processes.add(builder.start());
  }

  /** SIGKILL. */
  void kill9() throws InterruptedException {
    close();
    for (Process process : processes) {
      process.waitFor();
    }
    processes.clear();
  }

  boolean live() {
    return processes.stream().allMatch(Process::isAlive);
  }

  String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
