package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.MinioBinary;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** MinIO on one folder, without its console. */
public final class MinioServer implements Server {
  private final StackConfig config;
  private final Endpoints.S3 s3;

  /** Serves at the endpoint of the settings with its keys. */
  public MinioServer(Settings settings) {
    this.config = settings.config();
    this.s3 = settings.endpoints().s3();
  }

  @Override
  public Component component() {
    return Component.S3;
  }

  @Override
  public void install() {
    MinioBinary.in(config.cache());
  }

  @Override
  public List<ListenPort> listenPorts() {
    return List.of(new ListenPort(Port.S3.setting(), config.port(Port.S3)));
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path data = Files.createDirectories(config.data(Component.S3).resolve("minio"));
    int port = config.port(Port.S3);
    return new ProcessSpec(
        component().id(),
        List.of(
            MinioBinary.in(config.cache()).toString(),
            "server",
            "--address",
            "127.0.0.1:" + port,
            data.toString()),
        Map.of(
            "MINIO_ROOT_USER",
            s3.accessKey(),
            "MINIO_ROOT_PASSWORD",
            s3.secretKey(),
            "MINIO_REGION",
            s3.region(),
            "MINIO_BROWSER",
            "off",
            "MINIO_UPDATE",
            "off",
            "MINIO_CALLHOME_ENABLE",
            "off"),
        data,
        listenPorts(),
        health(),
        Duration.ofMinutes(1),
        Duration.ofSeconds(20));
  }

  @Override
  public HealthCheck health() {
    return () -> new SignedS3(s3).listBuckets();
  }
}
