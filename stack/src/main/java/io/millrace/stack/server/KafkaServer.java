package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Port;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.Commands;
import io.millrace.stack.process.Executables;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One Kafka broker that is its own controller, in a JVM of its own. */
public final class KafkaServer implements Server {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final short API_VERSIONS = 18;

  private final StackConfig config;

  /** Listens at the address of the settings. */
  public KafkaServer(Settings settings) {
    this.config = settings.config();
  }

  @Override
  public Component component() {
    return Component.KAFKA;
  }

  @Override
  public void install() {
    libraries().requireBuilt();
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.KAFKA);
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path folder = Files.createDirectories(config.data(Component.KAFKA));
    Path data = folder.resolve("log");
    Path properties = Files.writeString(folder.resolve("kafka.properties"), properties(data));
    Path logging = libraries().logging(folder);
    String classPath = libraries().classPath();
    if (!Files.exists(data.resolve("meta.properties"))) {
      format(properties, logging);
    }
    List<String> command =
        Executables.javaServer(
            List.of(
                "-Xms384m",
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + logging));
    command.addAll(List.of("-cp", classPath, "kafka.Kafka", properties.toString()));
    return new ProcessSpec(
            component().id(),
            command,
            Map.of(),
            folder,
            listenPorts(),
            health(),
            Duration.ofSeconds(90),
            Duration.ofSeconds(30))
        .with(libraries().archive(component()));
  }

  private void format(Path properties, Path logging) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Executables.java().toString());
    command.add("-XX:TieredStopAtLevel=1");
    // Most of what it loads the broker loads, too.
    command.addAll(libraries().archive(component()).mapped());
    command.addAll(
        List.of(
            "-Dlogback.configurationFile=" + logging,
            "-cp",
            libraries().classPath(),
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            "--ignore-formatted",
            "-t",
            clusterId(),
            "-c",
            properties.toString()));
    Commands.run(Executables.privately(command), Map.of(), Duration.ofSeconds(60));
  }

  /** The broker answers requests only once it has joined the cluster and has its log open. */
  @Override
  public HealthCheck health() {
    return () -> {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), config.port(Port.KAFKA)),
            TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        askForApiVersions(socket);
      }
    };
  }

  /** Kafka protocol, ApiVersions request and response of version 0. */
  private static void askForApiVersions(Socket socket) throws IOException {
    byte[] client = "millrace-health".getBytes(StandardCharsets.US_ASCII);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(2 + 2 + 4 + 2 + client.length);
    out.writeShort(API_VERSIONS);
    out.writeShort(0);
    out.writeInt(1);
    out.writeShort(client.length);
    out.write(client);
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readInt();
    int correlation = in.readInt();
    int error = in.readShort();
    if (correlation != 1 || error != 0) {
      throw new IOException("Kafka answered with error " + error);
    }
  }

  private KafkaLibraries libraries() {
    return new KafkaLibraries(config.home());
  }

  private String properties(Path data) throws IOException {
    return KafkaLibraries.resource("kafka.properties")
        .replace("${broker.port}", String.valueOf(config.port(Port.KAFKA)))
        .replace("${controller.port}", String.valueOf(config.port(Port.KAFKA_CONTROLLER)))
        .replace("${data}", data.toString());
  }

  /** A cluster id is a UUID in URL-safe base64 without padding. */
  private static String clusterId() {
    UUID uuid = UUID.randomUUID();
    byte[] bytes =
        java.nio.ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    String text = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return text.startsWith("-") ? clusterId() : text; // the tool takes a leading dash for an option
  }
}
