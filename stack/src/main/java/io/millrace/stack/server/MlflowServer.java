package io.millrace.stack.server;

import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.Port;
import io.millrace.stack.StackConfig;
import io.millrace.stack.install.Venvs;
import io.millrace.stack.process.HealthCheck;
import io.millrace.stack.process.ListenPort;
import io.millrace.stack.process.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * MLflow with its tables in database {@code mlflow} of our PostgreSQL, which takes writes from many
 * trials at once, and its artifacts in bucket {@code mlflow}, handed through so that clients need
 * no keys of the object store.
 */
public final class MlflowServer implements Server {
  private static final String BUCKET = "mlflow";
  private static final String DATABASE = "mlflow";

  private final StackConfig config;
  private final Endpoints endpoints;

  /** Serves at the address of the settings. */
  public MlflowServer(Settings settings) {
    this.config = settings.config();
    this.endpoints = settings.endpoints();
  }

  @Override
  public Component component() {
    return Component.MLFLOW;
  }

  @Override
  public void install() {
    new Venvs(config.cache()).mlflow();
  }

  @Override
  public List<ListenPort> listenPorts() {
    return config.listenPorts(Component.MLFLOW);
  }

  @Override
  public ProcessSpec prepare() throws IOException {
    Path folder = Files.createDirectories(config.data(Component.MLFLOW));
    try {
      new PostgresDatabases(endpoints.postgres()).create(DATABASE);
      new SignedS3(endpoints.s3()).createBucket(BUCKET);
    } catch (java.sql.SQLException e) {
      throw new IOException("PostgreSQL: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    String port = String.valueOf(config.port(Port.MLFLOW));
    return new ProcessSpec(
        component().id(),
        List.of(
            new Venvs(config.cache()).mlflow().toString(),
            "-m",
            "mlflow",
            "server",
            "--host",
            "127.0.0.1",
            "--port",
            port,
            "--workers",
            "1",
            "--serve-artifacts",
            "--allowed-hosts",
            "localhost:*,127.0.0.1:*",
            "--cors-allowed-origins",
            "http://127.0.0.1:" + port + ",http://localhost:" + port),
        environment(),
        folder,
        listenPorts(),
        health(),
        Duration.ofMinutes(3),
        Duration.ofSeconds(20));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("MLFLOW_BACKEND_STORE_URI", backend());
    environment.put("MLFLOW_ARTIFACTS_DESTINATION", "s3://" + BUCKET + "/artifacts");
    environment.put("MLFLOW_S3_ENDPOINT_URL", endpoints.s3().endpoint());
    environment.put("AWS_ACCESS_KEY_ID", endpoints.s3().accessKey());
    environment.put("AWS_SECRET_ACCESS_KEY", endpoints.s3().secretKey());
    environment.put("AWS_DEFAULT_REGION", endpoints.s3().region());
    environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
    environment.put("DO_NOT_TRACK", "true");
    // Its background jobs would add a process for each kind.
    environment.put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    // Byte code is written on the first start, so that the next ones are quick.
    environment.put("PYTHONDONTWRITEBYTECODE", "");
    environment.put("PYTHONUNBUFFERED", "1");
    return environment;
  }

  private String backend() {
    Endpoints.Postgres postgres = endpoints.postgres();
    return "postgresql+psycopg2://%s:%s@127.0.0.1:%d/%s"
        .formatted(postgres.user(), postgres.password(), config.port(Port.POSTGRES), DATABASE);
  }

  /** Asks for an experiment, which comes from the database. */
  @Override
  public HealthCheck health() {
    String uri = endpoints.mlflow().trackingUri();
    return () -> Http.get(uri + "/api/2.0/mlflow/experiments/search?max_results=1");
  }
}
