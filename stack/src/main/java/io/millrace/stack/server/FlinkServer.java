package io.millrace.stack.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.PrivateFiles;
import io.millrace.stack.StackConfig;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.JavaModule;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Flink cluster in one process that runs our streaming jobs, from module {@code flink}. */
public final class FlinkServer implements Server {
  private static final String MAIN = "io.millrace.flink.FlinkMain";
  private static final List<String> JOBS =
      List.of("validation", "lake", "features", "alerts", "sales");
  private static final int SLOTS = 2 * JOBS.size();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Flink's serializers look into these packages of JDK 17. */
  private static final List<String> OPENED =
      List.of(
          "java.base/java.lang=ALL-UNNAMED",
          "java.base/java.net=ALL-UNNAMED",
          "java.base/java.io=ALL-UNNAMED",
          "java.base/java.nio=ALL-UNNAMED",
          "java.base/java.lang.reflect=ALL-UNNAMED",
          "java.base/java.text=ALL-UNNAMED",
          "java.base/java.time=ALL-UNNAMED",
          "java.base/java.util=ALL-UNNAMED",
          "java.base/java.util.concurrent=ALL-UNNAMED",
          "java.base/java.util.concurrent.atomic=ALL-UNNAMED",
          "java.base/java.util.concurrent.locks=ALL-UNNAMED",
          "java.base/sun.nio.ch=ALL-UNNAMED");

  private final StackConfig config;
  private final Endpoints endpoints;

  /** Serves at the address of the settings. */
  public FlinkServer(Settings settings) {
    this.config = settings.config();
    this.endpoints = settings.endpoints();
  }

  @Override
  public Component component() {
    return Component.FLINK;
  }

  @Override
  public void install() {
    module().requireBuilt();
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.FLINK);
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path folder = Files.createDirectories(config.data(Component.FLINK));
    Path file =
        PrivateFiles.write(
            folder.resolve("flink.properties"), PrivateFiles.properties("", settings(folder)));
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Xms256m",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-Daws.java.v1.disableDeprecationAnnouncement=true"));
    OPENED.forEach(opened -> options.addAll(List.of("--add-opens", opened)));
    return new ProcessSpec(
            component().id(),
            module().command(options, MAIN, List.of("--config", file.toString())),
            module().environment(),
            folder,
            listenPorts(),
            health(),
            Duration.ofMinutes(3),
            Duration.ofSeconds(45))
        .with(module().archive(component().id()));
  }

  /** Passes when every job runs: the cluster alone is of no use. */
  @Override
  public HealthCheck health() {
    return () -> {
      JsonNode jobs = JSON.readTree(Http.get(endpoints.flink().restUrl() + "/jobs/overview"));
      int running = 0;
      for (JsonNode job : jobs.path("jobs")) {
        running += job.path("state").asText().equals("RUNNING") ? 1 : 0;
      }
      if (running < JOBS.size()) {
        throw new IOException("%d of %d jobs run".formatted(running, JOBS.size()));
      }
    };
  }

  private Map<String, String> settings(Path folder) {
    Map<String, String> settings = new LinkedHashMap<>(endpoints.toProperties());
    settings.put("flink.rest-port", String.valueOf(config.port(Port.FLINK)));
    settings.put("flink.metrics-port", String.valueOf(config.port(Port.FLINK_METRICS)));
    settings.put("flink.slots", String.valueOf(SLOTS));
    settings.put("flink.work-dir", folder.resolve("work").toString());
    settings.put("flink.jobs", String.join(",", JOBS));
    return settings;
  }

  private JavaModule module() {
    return new JavaModule(config.home(), "flink");
  }
}
