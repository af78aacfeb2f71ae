package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.SearchAttribute;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.Commands;
import io.millrace.stack.install.Venvs;
import io.millrace.stack.process.Executables;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Temporal's development server with its Web UI, its state in an SQLite file. */
public final class TemporalServer implements Server {
  /**
   * The queues of one shard are polled at most 20 times a second by default, so that each step of a
   * workflow waits up to 50 ms on a small server. With these rates a chain of activities takes 20
   * ms a step instead of 51.
   */
  private static final Set<String> OF_WORKERS =
      Set.of(Port.TEMPORAL_CODEC.setting(), Port.WORKER_METRICS.setting());

  private static final List<String> DYNAMIC_CONFIG =
      List.of(
          "history.transferProcessorMaxPollRPS=2000",
          "history.timerProcessorMaxPollRPS=2000",
          "history.visibilityProcessorMaxPollRPS=500",
          "matching.enableFairness=true",
          // 30 a second by default: many schedules of one minute would wait for each other.
          "worker.schedulerNamespaceStartWorkflowRPS=1000",
          // Three minutes each by default: how soon a version is known to be drained.
          "matching.wv.VersionDrainageStatusVisibilityGracePeriod=\"5s\"",
          "matching.wv.VersionDrainageStatusRefreshInterval=\"5s\"",
          "frontend.WorkflowPauseEnabled=true");

  private static final List<String> SQLITE_PRAGMAS =
      List.of("journal_mode=wal", "synchronous=normal");

  /** The development server keeps closed runs for one day unless told otherwise. */
  private static final String RETENTION = "30d";

  private final StackConfig config;
  private final Endpoints.Temporal temporal;

  /** Serves at the addresses of the settings. */
  public TemporalServer(Settings settings) {
    this.config = settings.config();
    this.temporal = settings.endpoints().temporal();
  }

  @Override
  public Component component() {
    return Component.TEMPORAL;
  }

  @Override
  public void install() {
    if (Executables.onPath("temporal").isEmpty()) {
      new Venvs(config.cache()).temporal();
    }
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path data = Files.createDirectories(config.data(Component.TEMPORAL));
    List<String> command = new ArrayList<>();
    command.add(program().toString());
    command.addAll(List.of("server", "start-dev", "--ip", "127.0.0.1", "--log-level", "warn"));
    command.addAll(List.of("--db-filename", data.resolve("temporal.db").toString()));
    option(command, "--port", config.port(Port.TEMPORAL));
    option(command, "--ui-port", config.port(Port.TEMPORAL_UI));
    option(command, "--http-port", config.port(Port.TEMPORAL_HTTP));
    option(command, "--metrics-port", config.port(Port.TEMPORAL_METRICS));
    option(command, "--ui-codec-endpoint", temporal.codecUrl());
    option(
        command, "--dynamic-config-value", "frontend.httpAllowedHosts=[\"" + closedHost() + "\"]");
    DYNAMIC_CONFIG.forEach(value -> option(command, "--dynamic-config-value", value));
    SQLITE_PRAGMAS.forEach(value -> option(command, "--sqlite-pragma", value));
    for (SearchAttribute attribute : config.searchAttributes()) {
      option(command, "--search-attribute", attribute.name() + "=" + attribute.type().id());
    }
    return new ProcessSpec(
        component().id(),
        command,
        Map.of(),
        data,
        listenPorts(),
        health(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20));
  }

  /**
   * The development server always has its HTTP interface, which starts and ends workflows for any
   * page of a browser. Nobody here uses it: it answers to a host only that does not exist.
   */
  private static String closedHost() {
    return "closed.invalid";
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.TEMPORAL).stream()
        .filter(port -> !OF_WORKERS.contains(port.setting()))
        .toList();
  }

  /**
   * Asks through the Web UI, which asks the server: both work then, and the namespace is there with
   * what it needs.
   */
  @Override
  public HealthCheck health() {
    return () -> {
      String path = "/api/v1/namespaces/" + temporal.namespace() + "/search-attributes";
      String attributes = Http.get(temporal.uiUrl() + path);
      for (SearchAttribute attribute : config.searchAttributes()) {
        if (!attributes.contains("\"" + attribute.name() + "\"")) {
          throw new IOException("search attribute " + attribute.name() + " is not registered yet");
        }
      }
    };
  }

  @Override
  public void settle() {
    Commands.run(
        List.of(
            program().toString(),
            "operator",
            "namespace",
            "update",
            "--address",
            temporal.target(),
            "--namespace",
            temporal.namespace(),
            "--retention",
            RETENTION),
        Map.of(),
        Duration.ofSeconds(30));
  }

  private Path program() {
    return Executables.onPath("temporal").orElseGet(() -> new Venvs(config.cache()).temporal());
  }

  private static void option(List<String> command, String name, Object value) {
    command.add(name);
    command.add(value.toString());
  }
}
