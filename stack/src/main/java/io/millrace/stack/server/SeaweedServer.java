package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.PrivateFiles;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.Commands;
import io.millrace.stack.install.Venvs;
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

/**
 * SeaweedFS in one process. As with other stores, a bucket that was not created is an error. Only
 * its S3 port is of use: the others serve no HTTP, or want to see {@link SeaweedSecrets}.
 */
public final class SeaweedServer implements Server {
  /** Where the filer writes down each change. */
  private static final String CHANGES = "/topics/.system/log/";

  private static final String KEPT = "1h";

  private final StackConfig config;
  private final Endpoints.S3 s3;

  /** Serves at the endpoint of the settings with its keys. */
  public SeaweedServer(Settings settings) {
    this.config = settings.config();
    this.s3 = settings.endpoints().s3();
  }

  @Override
  public Component component() {
    return Component.S3;
  }

  @Override
  public void install() {
    new Venvs(config.cache()).weed();
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.S3);
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path data = Files.createDirectories(config.data(Component.S3).resolve("seaweedfs"));
    Path identities =
        PrivateFiles.write(data.resolveSibling("seaweedfs-identities.json"), identities());
    List<String> command = new ArrayList<>();
    command.add(new Venvs(config.cache()).weed().toString());
    command.addAll(
        List.of("-logtostderr=true", "-v=-1", "server", "-dir=" + data, "-filer", "-s3"));
    command.addAll(List.of("-s3.config=" + identities, "-ip=127.0.0.1", "-ip.bind=127.0.0.1"));
    command.addAll(List.of("-s3.autoCreateBucket=false", "-s3.port.iceberg=0", "-s3.port.lance=0"));
    command.addAll(List.of("-disableHttp", "-filer.disableHttp", "-master.telemetry=false"));
    // Names that the working directory is put before: the paths of sockets must be short.
    command.addAll(List.of("-filer.localSocket=filer.sock", "-s3.localSocket=s3.sock"));
    command.addAll(List.of("-s3.allowedOrigins=" + s3.endpoint(), "-volume.max=0"));
    command.addAll(List.of("-master.volumeSizeLimitMB=128", "-volume.preStopSeconds=1"));
    ports().forEach((flag, port) -> command.add("-" + flag + "=" + config.port(port)));
    return new ProcessSpec(
        component().id(),
        command,
        secrets().environment(),
        data,
        listenPorts(),
        health(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(20));
  }

  @Override
  public HealthCheck health() {
    return () -> new SignedS3(s3).readProbe();
  }

  /**
   * Bounds the filer's log of changes, which otherwise keeps a record of every object that was ever
   * written: only a follower of the filer reads it, and there is none.
   */
  @Override
  public void settle() throws IOException {
    Path done = config.data(Component.S3).resolve("seaweedfs-log-bounded");
    if (Files.exists(done)) {
      return;
    }
    String weed = new Venvs(config.cache()).weed().toString();
    String shell =
        "printf '%s\\n' \"$1\" | \"$2\" -logtostderr=true -v=-1 shell -master=\"$3\" -filer=\"$4\"";
    String answer =
        Commands.run(
            List.of(
                "sh",
                "-c",
                shell,
                "sh",
                "fs.configure -locationPrefix=" + CHANGES + " -ttl=" + KEPT + " -apply",
                weed,
                address(Port.S3_MASTER, Port.S3_MASTER_GRPC),
                address(Port.S3_FILER, Port.S3_FILER_GRPC)),
            secrets().environment(),
            Duration.ofSeconds(60));
    if (!answer.contains(CHANGES)) {
      throw new IOException("SeaweedFS did not bound its log of changes: " + answer.strip());
    }
    Files.createFile(done);
  }

  private SeaweedSecrets secrets() {
    return new SeaweedSecrets(config.data(Component.S3).resolve("seaweedfs-grpc"), s3.secretKey());
  }

  /** As {@code weed} writes an address whose port for gRPC does not follow from the other. */
  private String address(Port http, Port grpc) {
    return "127.0.0.1:" + config.port(http) + "." + config.port(grpc);
  }

  private static Map<String, Port> ports() {
    return new java.util.TreeMap<>(
        Map.of(
            "s3.port", Port.S3,
            "s3.port.grpc", Port.S3_GRPC,
            "master.port", Port.S3_MASTER,
            "master.port.grpc", Port.S3_MASTER_GRPC,
            "volume.port", Port.S3_VOLUME,
            "volume.port.grpc", Port.S3_VOLUME_GRPC,
            "filer.port", Port.S3_FILER,
            "filer.port.grpc", Port.S3_FILER_GRPC));
  }

  private String identities() {
    return """
    {"identities": [{
      "name": "millrace",
      "credentials": [{"accessKey": "%s", "secretKey": "%s"}],
      "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}
    """
        .formatted(s3.accessKey(), s3.secretKey());
  }
}
