package io.millrace.stack;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the servers are and how to get in. The addresses are those of the configuration, whether or
 * not the servers run at the moment. Its text form masks what is secret.
 */
public record Endpoints(
    Temporal temporal,
    Postgres postgres,
    Kafka kafka,
    S3 s3,
    Redis redis,
    Mlflow mlflow,
    Cdc cdc,
    Flink flink) {

  /**
   * {@code target} is {@code host:port} of the frontend service; {@code codecUrl} is where the Web
   * UI asks a worker to decode payloads, {@code metricsUrl} where a worker shows its metrics.
   */
  public record Temporal(
      String target, String uiUrl, String namespace, String codecUrl, String metricsUrl) {}

  /** The owner of database {@code millrace}, who may also create databases and roles. */
  public record Postgres(String jdbcUrl, String user, String password) {
    @Override
    public String toString() {
      return "Postgres[jdbcUrl=%s, user=%s, password=***]".formatted(jdbcUrl, user);
    }
  }

  /** {@code bootstrapServers} is {@code host:port}. */
  public record Kafka(String bootstrapServers) {}

  /** An endpoint to be used path-style, and the keys of one user who may do everything. */
  public record S3(String endpoint, String region, String accessKey, String secretKey) {
    @Override
    public String toString() {
      return "S3[endpoint=%s, region=%s, accessKey=%s, secretKey=***]"
          .formatted(endpoint, region, accessKey);
    }
  }

  /** {@code uri} has the password in it: {@code redis://:PASSWORD@host:port}. */
  public record Redis(String uri) {
    @Override
    public String toString() {
      return "Redis[uri=%s]".formatted(uri.replaceAll(":[^:@/]+@", ":***@"));
    }
  }

  /** The base URL of the server. */
  public record Mlflow(String trackingUri) {}

  /**
   * Kafka Connect's REST interface, and the database whose changes it captures: its owner may also
   * replicate.
   */
  public record Cdc(
      String connectUrl, String jdbcUrl, String user, String password, String connectToken) {
    @Override
    public String toString() {
      return "Cdc[connectUrl=%s, jdbcUrl=%s, user=%s, password=***, connectToken=***]"
          .formatted(connectUrl, jdbcUrl, user);
    }
  }

  /**
   * {@code restUrl} is the base URL of the REST interface and Web UI, {@code metricsUrl} where
   * Prometheus finds metrics, {@code jar} this checkout's jobs, {@code token} what a request must
   * carry that changes anything.
   */
  public record Flink(String restUrl, String metricsUrl, String jar, String token) {
    @Override
    public String toString() {
      return "Flink[restUrl=%s, metricsUrl=%s, jar=%s, token=***]"
          .formatted(restUrl, metricsUrl, jar);
    }
  }

  /** The same as configuration keys of workers and Flink jobs. */
  public Map<String, String> toProperties() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("temporal.target", temporal.target());
    keys.put("temporal.namespace", temporal.namespace());
    keys.put("temporal.ui-url", temporal.uiUrl());
    keys.put("payloads.codec-port", temporal.codecUrl().replaceFirst(".*:", ""));
    keys.put("metrics.port", temporal.metricsUrl().replaceFirst(".*:([0-9]+)/.*", "$1"));
    keys.put("postgres.jdbc-url", postgres.jdbcUrl());
    keys.put("postgres.user", postgres.user());
    keys.put("postgres.password", postgres.password());
    keys.put("kafka.bootstrap-servers", kafka.bootstrapServers());
    keys.put("s3.endpoint", s3.endpoint());
    keys.put("s3.region", s3.region());
    keys.put("s3.access-key", s3.accessKey());
    keys.put("s3.secret-key", s3.secretKey());
    keys.put("redis.uri", redis.uri());
    keys.put("mlflow.tracking-uri", mlflow.trackingUri());
    keys.put("cdc.connect-url", cdc.connectUrl());
    keys.put("cdc.jdbc-url", cdc.jdbcUrl());
    keys.put("cdc.user", cdc.user());
    keys.put("cdc.password", cdc.password());
    keys.put("cdc.connect-token", cdc.connectToken());
    keys.put("flink.rest-url", flink.restUrl());
    keys.put("flink.jar", flink.jar());
    keys.put("flink.rest-token", flink.token());
    return keys;
  }

  static Endpoints of(StackConfig config, Credentials credentials) {
    return new Endpoints(
        new Temporal(
            address(config, Port.TEMPORAL),
            "http://" + address(config, Port.TEMPORAL_UI),
            "default",
            "http://" + address(config, Port.TEMPORAL_CODEC),
            "http://" + address(config, Port.WORKER_METRICS) + "/metrics"),
        new Postgres(
            "jdbc:postgresql://" + address(config, Port.POSTGRES) + "/millrace",
            "millrace",
            credentials.postgresPassword()),
        new Kafka(address(config, Port.KAFKA)),
        new S3(
            "http://" + address(config, Port.S3),
            "us-east-1",
            credentials.s3AccessKey(),
            credentials.s3SecretKey()),
        new Redis("redis://:" + credentials.redisPassword() + "@" + address(config, Port.REDIS)),
        new Mlflow("http://" + address(config, Port.MLFLOW)),
        new Cdc(
            "http://" + address(config, Port.CONNECT),
            "jdbc:postgresql://" + address(config, Port.POSTGRES) + "/cdc",
            "cdc",
            credentials.cdcPassword(),
            credentials.connectToken()),
        new Flink(
            "http://" + address(config, Port.FLINK),
            "http://" + address(config, Port.FLINK_METRICS) + "/metrics",
            config.home().resolve("flink/target/millrace-flink.jar").toString(),
            credentials.flinkToken()));
  }

  private static String address(StackConfig config, Port port) {
    return "127.0.0.1:" + config.port(port);
  }
}
