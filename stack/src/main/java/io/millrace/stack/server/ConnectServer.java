package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.StackConfig;
import io.millrace.stack.connect.RestGuard;
import io.millrace.stack.process.Executables;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A worker of Kafka Connect in distributed mode, with Debezium for PostgreSQL, in a JVM of its own.
 * Connectors, offsets and status lie in topics; a connector's password does not: it stands there as
 * <code>${env:CDC_DATABASE_PASSWORD}</code>, which the worker takes from its environment.
 */
public final class ConnectServer implements Server {
  private static final String DATABASE = "cdc";

  private final StackConfig config;
  private final Endpoints endpoints;

  /** Serves at the address of the settings. */
  public ConnectServer(Settings settings) {
    this.config = settings.config();
    this.endpoints = settings.endpoints();
  }

  @Override
  public Component component() {
    return Component.CONNECT;
  }

  @Override
  public void install() {
    libraries().requireBuilt();
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.CONNECT);
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Endpoints.Cdc cdc = endpoints.cdc();
    try {
      new PostgresDatabases(endpoints.postgres())
          .createForReplication(DATABASE, cdc.user(), cdc.password());
    } catch (SQLException e) {
      throw new IOException("PostgreSQL: " + e.getMessage(), e);
    }
    Path folder = Files.createDirectories(config.data(Component.CONNECT));
    Path properties = Files.writeString(folder.resolve("connect.properties"), properties());
    List<String> command =
        Executables.javaServer(
            List.of(
                "-Xms128m",
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + libraries().logging(folder)));
    command.addAll(
        List.of(
            "-cp",
            libraries().classPath() + File.pathSeparator + ownClasses(),
            "org.apache.kafka.connect.cli.ConnectDistributed",
            properties.toString()));
    return new ProcessSpec(
            component().id(),
            command,
            Map.of("CDC_DATABASE_PASSWORD", cdc.password(), RestGuard.TOKEN, cdc.connectToken()),
            folder,
            listenPorts(),
            health(),
            Duration.ofSeconds(90),
            Duration.ofSeconds(20))
        .with(libraries().archive(component()));
  }

  /** Passes once the worker has joined its group and read its topics. */
  @Override
  public HealthCheck health() {
    return () -> Http.get(endpoints.cdc().connectUrl() + "/health", endpoints.cdc().connectToken());
  }

  private String properties() throws IOException {
    return KafkaLibraries.resource("connect.properties")
        .replace("${bootstrap.servers}", endpoints.kafka().bootstrapServers())
        .replace("${port}", String.valueOf(config.port(Port.CONNECT)));
  }

  /** The jar or folder with {@link RestGuard}. */
  private static Path ownClasses() {
    try {
      return Path.of(
          ConnectServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private KafkaLibraries libraries() {
    return new KafkaLibraries(config.home());
  }
}
