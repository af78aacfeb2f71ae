package io.millrace.workers.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.lake.EventWindow;
import io.millrace.activities.notify.SmtpConfig;
import io.millrace.core.alerts.Severity;
import io.millrace.engine.payload.PayloadOptions;
import io.millrace.stack.Port;
import io.millrace.workers.config.NotifyConfig.Target;
import io.millrace.workers.config.WorkerConfig.Versioning;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final Map<String, String> REQUIRED =
      Map.of(
          "POSTGRES_JDBC_URL", "jdbc:postgresql://127.0.0.1:5432/millrace",
          "POSTGRES_USER", "millrace",
          "POSTGRES_PASSWORD", "pa$${word",
          "S3_ACCESS_KEY", "key",
          "S3_SECRET_KEY", "sesame");

  @TempDir Path folder;

  @Test
  void hasADefaultForWhatIsNotPersonal() {
    MillraceConfig config = MillraceConfig.from(settings(REQUIRED));

    assertThat(config.temporal())
        .isEqualTo(
            new TemporalConfig(
                "127.0.0.1:7233",
                "default",
                URI.create("http://127.0.0.1:8233"),
                Duration.ofSeconds(10)));
    assertThat(config.postgres().poolSize()).isEqualTo(10);
    assertThat(config.warehouse().window())
        .isEqualTo(new EventWindow(LocalDate.parse("1995-01-01"), 2));
    assertThat(config.kafka())
        .isEqualTo(new KafkaConfig("127.0.0.1:9092", 4, "lz4", "millrace.asset-events"));
    assertThat(config.events().unavailableValue()).isEqualTo("__debezium_unavailable_value");
    assertThat(config.s3().endpoint()).isEqualTo(URI.create("http://127.0.0.1:9000"));
    assertThat(config.s3().region()).isEqualTo("us-east-1");
    assertThat(config.mlflow()).isEqualTo(new MlflowConfig(URI.create("http://127.0.0.1:5001")));
    assertThat(config.redis())
        .isEqualTo(new RedisConfig(URI.create("redis://127.0.0.1:6379"), Duration.ofHours(24)));
    assertThat(config.flink())
        .isEqualTo(
            new FlinkConfig(
                URI.create("http://127.0.0.1:8081"), Path.of("flink/target/millrace-flink.jar")));
    assertThat(config.payloads())
        .isEqualTo(
            new PayloadsConfig(
                "temporal-payloads", PayloadOptions.DEFAULT, Duration.ofDays(60), 0));
    assertThat(config.worker())
        .isEqualTo(
            new WorkerConfig(
                16,
                Runtime.getRuntime().availableProcessors(),
                50,
                600,
                Duration.ofSeconds(20),
                Versioning.AUTO));
  }

  @Test
  void mapsEverySettingFromAFile() throws IOException {
    Files.writeString(
        folder.resolve("millrace.properties"),
        """
        temporal.target=temporal:7233
        temporal.namespace=shop
        temporal.ui-url=https://ui
        temporal.rpc-timeout=500ms
        postgres.jdbc-url=jdbc:postgresql://db/shop
        postgres.user=writer
        postgres.password=hunter2
        postgres.pool-size=5
        warehouse.earliest-date=2001-02-03
        warehouse.days-ahead=4
        kafka.bootstrap-servers=a:1,b:2
        kafka.raw-partitions=12
        kafka.compression=zstd
        kafka.asset-events=none
        cdc.unavailable-value=n/a
        s3.endpoint=https://s3
        s3.region=eu-west-1
        s3.access-key=ak
        s3.secret-key=sesame2
        mlflow.tracking-uri=https://mlflow
        redis.uri=rediss://:word@redis:6380
        features.online-ttl=10m
        flink.rest-url=https://flink
        flink.jar=/opt/jobs.jar
        payloads.bucket=values
        payloads.compress-above=1
        payloads.store-above=2
        payloads.max-size=3
        payloads.retention=P90D
        payloads.encryption-key-id=k1
        payloads.encryption-keys=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
        payloads.codec-port=8234
        logs.bucket=diaries
        logs.max-size=5000
        logs.flush-every=7s
        logs.retention=P9D
        notify.targets=pager=webhook:https://pager/token7,ana=email:ana@x.org;bo@x.org
        notify.default=pager
        notify.smtp-host=mail
        notify.smtp-port=465
        notify.smtp-security=tls
        notify.smtp-from=mill@x.org
        notify.smtp-user=miller
        notify.smtp-password=sesame3
        notify.stream-alerts=low
        metrics.host=0.0.0.0
        metrics.port=9000
        lineage.url=https://marquez/api
        lineage.namespace=shop
        lineage.api-key=sesame4
        worker.activities=1
        worker.trainings=2
        worker.workflow-tasks=3
        worker.cached-workflows=4
        worker.shutdown-grace=PT5M
        worker.versioning=off
        """);

    MillraceConfig config = MillraceConfig.from(settings(Map.of()));

    assertThat(config)
        .isEqualTo(
            new MillraceConfig(
                new TemporalConfig(
                    "temporal:7233", "shop", URI.create("https://ui"), Duration.ofMillis(500)),
                new PostgresConfig("jdbc:postgresql://db/shop", "writer", new Secret("hunter2"), 5),
                new WarehouseConfig(new EventWindow(LocalDate.parse("2001-02-03"), 4)),
                new KafkaConfig("a:1,b:2", 12, "zstd", "none"),
                new EventsConfig("n/a"),
                new S3Config(URI.create("https://s3"), "eu-west-1", "ak", new Secret("sesame2")),
                new MlflowConfig(URI.create("https://mlflow")),
                new RedisConfig(URI.create("rediss://:word@redis:6380"), Duration.ofMinutes(10)),
                new FlinkConfig(URI.create("https://flink"), Path.of("/opt/jobs.jar")),
                new PayloadsConfig(
                    "values",
                    new PayloadOptions(1, 2, 2, 3, config.payloads().options().keys()),
                    Duration.ofDays(90),
                    8234),
                new LogsConfig("diaries", 5_000, Duration.ofSeconds(7), Duration.ofDays(9)),
                new NotifyConfig(
                    Map.of(
                        "pager",
                        new Target(NotifyConfig.Kind.WEBHOOK, new Secret("https://pager/token7")),
                        "ana",
                        new Target(NotifyConfig.Kind.EMAIL, new Secret("ana@x.org;bo@x.org"))),
                    List.of("pager"),
                    new SmtpConfig(
                        "mail", 465, SmtpConfig.Security.TLS, "mill@x.org", "miller", "sesame3"),
                    Severity.LOW),
                new MetricsConfig("0.0.0.0", 9_000),
                new LineageConfig(URI.create("https://marquez/api"), "shop", new Secret("sesame4")),
                new WorkerConfig(1, 2, 3, 4, Duration.ofMinutes(5), Versioning.OFF)));
    assertThat(config.toString())
        .contains("current=k1")
        .doesNotContain("hunter2", "sesame2", "sesame3", "sesame4", "token7", ":word@", "AAAA");
  }

  @Test
  void theWindowOfDatesIsChecked() {
    Map<String, String> wrong =
        Map.of(
            "WAREHOUSE_EARLIEST_DATE=yesterday", "warehouse.earliest-date must be a date like",
            "WAREHOUSE_EARLIEST_DATE=1899-12-31", "warehouse.earliest-date must be a date from",
            "WAREHOUSE_DAYS_AHEAD=-1", "warehouse.days-ahead must be between 0 and 3660");
    wrong.forEach(
        (setting, message) -> {
          String[] pair = setting.split("=");
          assertThatThrownBy(() -> WarehouseConfig.from(settings(Map.of(pair[0], pair[1]))))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining(message)
              .hasMessageContaining("but is '" + pair[1] + "'");
        });
  }

  @Test
  void targetsOfNotificationsAreCheckedWithoutSayingTheirAddress() {
    for (String wrong : List.of("pager=https://token7", "pager", "pager=webhook:token7")) {
      assertThatThrownBy(() -> NotifyConfig.from(settings(Map.of("NOTIFY_TARGETS", wrong))))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("notify.targets")
          .hasMessageContaining("pager")
          .hasMessageNotContaining("token7");
    }
    assertThatThrownBy(() -> NotifyConfig.from(settings(Map.of("NOTIFY_DEFAULT", "boss"))))
        .hasMessageContaining("notify.default must be of notify.targets, [], but is 'boss'");
    assertThatThrownBy(
            () -> NotifyConfig.from(settings(Map.of("NOTIFY_TARGETS", "ana=email:a@x.org"))))
        .hasMessageContaining("notify.smtp-host is not set");
    assertThat(NotifyConfig.from(settings(Map.of())).targets()).isEmpty();
  }

  @Test
  void theEnvironmentBeatsTheFileAndTheFileBeatsTheEndpoints() throws IOException {
    Files.writeString(
        folder.resolve("endpoints.properties"),
        """
        kafka.bootstrap-servers=endpoints:1
        temporal.target=endpoints:2
        flink.rest-url=http://e
        """);
    Files.writeString(
        folder.resolve("millrace.properties"),
        """
        kafka.bootstrap-servers=file:1
        temporal.target=file:2
        """);

    Settings settings = settings(Map.of("KAFKA_BOOTSTRAP_SERVERS", "environment:1"));

    assertThat(KafkaConfig.from(settings).bootstrapServers()).isEqualTo("environment:1");
    assertThat(TemporalConfig.from(settings).target()).isEqualTo("file:2");
    assertThat(FlinkConfig.from(settings).restUrl()).isEqualTo(URI.create("http://e"));
  }

  /** Of every port that clients use, with an older stack's addresses and with none. */
  @ParameterizedTest
  @CsvSource({
    "TEMPORAL,temporal.target",
    "TEMPORAL_UI,temporal.ui-url",
    "TEMPORAL_CODEC,payloads.codec-port",
    "WORKER_METRICS,metrics.port",
    "POSTGRES,postgres.jdbc-url",
    "POSTGRES,cdc.jdbc-url",
    "KAFKA,kafka.bootstrap-servers",
    "S3,s3.endpoint",
    "MLFLOW,mlflow.tracking-uri",
    "CONNECT,cdc.connect-url",
    "FLINK,flink.rest-url",
  })
  void aChosenPortHoldsBeforeTheStackWasStartedAndAfterItWasMoved(Port port, String name)
      throws IOException {
    Map<String, String> environment = Map.of(port.variable(), "26100");

    assertThat(settings(environment).text(name)).contains("26100");

    Files.writeString(folder.resolve("endpoints.properties"), name + "=http://127.0.0.1:26001/x");
    assertThat(settings(environment).text(name)).contains("26100");

    Files.writeString(folder.resolve("millrace.properties"), "ports." + port.setting() + "=26200");
    assertThat(settings(Map.of()).text(name)).contains("26200");
    assertThat(settings(environment).text(name)).contains("26100");
  }

  @Test
  void aChosenPortOfRedisKeepsThePassword() throws IOException {
    Path credentials = folder.resolve("data/credentials.properties");
    Files.createDirectories(credentials.getParent());
    Files.writeString(
        credentials,
        """
        postgres.password=a
        s3.access-key=b
        s3.secret-key=c
        redis.password=sesame
        cdc.password=d
        """);

    assertThat(settings(Map.of("MILLRACE_REDIS_PORT", "26100")).text("redis.uri"))
        .isEqualTo("redis://:sesame@127.0.0.1:26100");
  }

  @Test
  void aWholeAddressBeatsAChosenPort() {
    Map<String, String> both =
        Map.of("MILLRACE_TEMPORAL_PORT", "26100", "TEMPORAL_ADDRESS", "elsewhere:7233");

    assertThat(TemporalConfig.from(settings(both)).target()).isEqualTo("elsewhere:7233");
    assertThatThrownBy(() -> settings(Map.of("MILLRACE_KAFKA_PORT", "many")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("ports.kafka is \"many\"");
  }

  @Test
  void namesTheSettingWhosePasswordDoesNotOpenTheKeystore() throws Exception {
    Path file = folder.resolve("keys.p12");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setEntry(
        "key",
        new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[16], "AES")),
        new KeyStore.PasswordProtection("sesame".toCharArray()));
    try (OutputStream out = Files.newOutputStream(file)) {
      keys.store(out, "sesame".toCharArray());
    }
    Map<String, String> right =
        Map.of("SERVING_TLS_KEYSTORE", file.toString(), "SERVING_TLS_PASSWORD", "sesame");
    Map<String, String> wrong =
        Map.of("SERVING_TLS_KEYSTORE", file.toString(), "SERVING_TLS_PASSWORD", "other");
    Map<String, String> missing = Map.of("SERVING_TLS_KEYSTORE", file + ".none");

    assertThat(ServingConfig.from(settings(right)).keystore()).contains(file);
    assertThatThrownBy(() -> ServingConfig.from(settings(wrong)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("serving.tls-password does not open the file")
        .hasMessageContaining("serving.tls-keystore");
    assertThatThrownBy(() -> ServingConfig.from(settings(missing)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("serving.tls-keystore is " + file + ".none");
  }

  @Test
  void honoursTheVariablesOfTheTemporalCli() {
    Settings settings =
        settings(Map.of("TEMPORAL_ADDRESS", "elsewhere:7233", "TEMPORAL_NAMESPACE", "shop"));

    assertThat(TemporalConfig.from(settings).target()).isEqualTo("elsewhere:7233");
    assertThat(TemporalConfig.from(settings).namespace()).isEqualTo("shop");
  }

  @Test
  void refusesAnUnknownNameInAFileAndNamesTheNearest() throws IOException {
    Files.writeString(folder.resolve("millrace.properties"), "kafka.bootstrap-server=a:1");

    assertThatThrownBy(() -> settings(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'kafka.bootstrap-server'")
        .hasMessageContaining("did you mean kafka.bootstrap-servers?");
  }

  @Test
  void passesThePortsOfTheLocalServersOn() throws IOException {
    Files.writeString(
        folder.resolve("millrace.properties"), "ports.kafka-controller=19093\nstack.s3=minio");

    assertThat(settings(Map.of()).local())
        .isEqualTo(Map.of("ports.kafka-controller", "19093", "stack.s3", "minio"));
  }

  @Test
  void refusesATypingErrorInTheEnvironmentButNotWhatOthersReadThere() {
    assertThatThrownBy(() -> settings(Map.of("POSTGRES_PASWORD", "x")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Unknown environment variable POSTGRES_PASWORD; did you mean POSTGRES_PASSWORD?");
    assertThat(settings(Map.of("KAFKA_HOME", "/opt/kafka", "TEMPORAL_API_KEY", "k"))).isNotNull();
  }

  @Test
  void saysWhatToDoAboutAMissingValue() {
    assertThatThrownBy(() -> PostgresConfig.from(settings(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("postgres.jdbc-url is not set")
        .hasMessageContaining("millrace up")
        .hasMessageContaining("POSTGRES_JDBC_URL");
  }

  @ParameterizedTest
  @CsvSource({
    "TEMPORAL_TARGET, localhost, host:port",
    "TEMPORAL_RPC_TIMEOUT, soon, a time like 10s",
    "POSTGRES_JDBC_URL, mysql://x, begins with jdbc:postgresql:",
    "POSTGRES_POOL_SIZE, 0, between 4 and 200",
    "POSTGRES_POOL_SIZE, many, a whole number",
    "KAFKA_BOOTSTRAP_SERVERS, 'a:1,b', host:port",
    "KAFKA_COMPRESSION, lzma, 'one of none, gzip, snappy, lz4, zstd'",
    "S3_ENDPOINT, localhost:9000, an address like",
    "REDIS_URI, http://x, begins with redis://",
    "PAYLOADS_BUCKET, Not a bucket, a name of a bucket",
    "PAYLOADS_STORE_ABOVE, 2097152, between 0 and 2097151",
    "PAYLOADS_MAX_SIZE, 1000, between 16384 and",
    "PAYLOADS_CODEC_PORT, 70000, between 0 and 65535",
    "PAYLOADS_ENCRYPTION_KEY_ID, k1, payloads.encryption-keys is not set",
    "WORKER_WORKFLOW_TASKS, 1, between 2 and",
    "WORKER_SHUTDOWN_GRACE, 0s, longer than zero",
  })
  void refusesAValueOutOfRange(String variable, String value, String limit) {
    Map<String, String> environment = new HashMap<>(REQUIRED);
    environment.put(variable, value);

    assertThatThrownBy(() -> MillraceConfig.from(settings(environment)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(limit);
  }

  @Test
  void showsEverySettingWithItsSourceAndNoSecret() {
    Settings settings = settings(REQUIRED);

    assertThat(settings.entries()).hasSize(MillraceConfig.KEYS.size());
    assertThat(settings.entries())
        .filteredOn(entry -> entry.key().name().equals("postgres.password"))
        .singleElement()
        .satisfies(entry -> assertThat(entry.shown()).isEqualTo("****"))
        .satisfies(entry -> assertThat(entry.source()).isEqualTo("environment"));
    assertThat(PostgresConfig.from(settings).password().value()).isEqualTo("pa$${word");
  }

  private Settings settings(Map<String, String> environment) {
    return Settings.load(folder, folder, environment);
  }
}
