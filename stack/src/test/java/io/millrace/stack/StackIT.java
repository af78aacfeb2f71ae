package io.millrace.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testing.Waiting;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Uses every server as its clients do. The object stores are in {@link S3ServerIT}; Flink and Kafka
 * Connect are tested where their jobs and connectors are.
 */
class StackIT {
  private static final Set<Component> SERVERS =
      EnumSet.complementOf(EnumSet.of(Component.FLINK, Component.CONNECT));

  private static LocalStack stack;
  private static Endpoints endpoints;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(SERVERS.toArray(Component[]::new));
    endpoints = stack.endpoints();
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void postgresAnswersAndKeepsItsDataOverACrash() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(value(statement, "select current_database()")).isEqualTo("millrace");
      assertThat(value(statement, "show wal_level")).isEqualTo("logical");
      assertThat(value(statement, "show password_encryption")).isEqualTo("scram-sha-256");
      assertThat(value(statement, "show server_version")).startsWith("18.");
      statement.execute("create table kept as select 42 as answer");
    }

    stack.kill9(Component.POSTGRES);
    stack.restart(Component.POSTGRES);

    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(value(statement, "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void postgresRefusesAWrongPassword() {
    String url = endpoints.postgres().jdbcUrl();

    assertThatThrownBy(() -> DriverManager.getConnection(url, "millrace", "wrong"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void kafkaKeepsMessagesOverARestartAndCreatesNoTopicUnasked() throws Exception {
    Map<String, Object> client = Map.of("bootstrap.servers", endpoints.kafka().bootstrapServers());
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
        producer.send(new ProducerRecord<>("kept", "key", "value")).get();
      }

      stack.restart(Component.KAFKA);

      assertThat(read(client, "kept")).isEqualTo("value");
      assertThat(admin.listTopics().names().get()).contains("kept").doesNotContain("unasked");
      assertThat(admin.describeConfigs(List.of(broker())).all().get().get(broker()))
          .satisfies(
              config ->
                  assertThat(config.get("auto.create.topics.enable").value()).isEqualTo("false"));
    }
  }

  @Test
  void temporalHasItsNamespaceAndOurSearchAttributesOverARestart() throws Exception {
    stack.restart(Component.TEMPORAL);

    String namespace = get(endpoints.temporal().uiUrl() + "/api/v1/namespaces/default");
    String attributes =
        get(endpoints.temporal().uiUrl() + "/api/v1/namespaces/default/search-attributes");

    assertThat(namespace).contains("NAMESPACE_STATE_REGISTERED").contains("\"2592000s\"");
    for (SearchAttribute attribute : SearchAttribute.STANDARD) {
      assertThat(attributes).contains("\"" + attribute.name() + "\"");
    }
  }

  @Test
  void redisSetsAndGetsAndRefusesAWrongPassword() throws IOException {
    URI uri = URI.create(endpoints.redis().uri());
    String password = uri.getUserInfo().substring(1);

    assertThat(redis(uri, "AUTH wrong")).startsWith("-WRONGPASS");
    assertThat(redis(uri, "GET kept")).startsWith("-NOAUTH");
    assertThat(redis(uri, "AUTH " + password, "SET kept 1")).isEqualTo("+OK");
    stack.restart(Component.REDIS);
    assertThat(redis(uri, "AUTH " + password, "INCR kept")).isEqualTo(":2");
  }

  @Test
  void mlflowKeepsAnExperimentAndHandsArtifactsThrough() throws Exception {
    String uri = endpoints.mlflow().trackingUri();
    HttpResponse<String> created =
        send("POST", uri + "/api/2.0/mlflow/experiments/create", "{\"name\": \"stack-it\"}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
    String artifact = uri + "/api/2.0/mlflow-artifacts/artifacts/1/run/artifacts/note.txt";
    assertThat(send("PUT", artifact, "kept").statusCode()).isEqualTo(200);

    stack.kill9(Component.MLFLOW);
    stack.restart(Component.MLFLOW);

    assertThat(get(artifact)).isEqualTo("kept");
    assertThat(get(uri + "/api/2.0/mlflow/experiments/get-by-name?experiment_name=stack-it"))
        .contains("stack-it");
  }

  @Test
  void leavesAloneWhatRunsAndFitsIntoMemory() {
    List<StatusRow> before = running();
    stack.stack().up(SERVERS, ProgressListener.none());

    assertThat(running()).extracting(StatusRow::pid).isEqualTo(pids(before));
    assertThat(before).hasSameSizeAs(SERVERS);
    assertThat(before.stream().mapToLong(StatusRow::memoryBytes).sum()).isLessThan(3L << 30);
    assertThat(StatusTable.format(before)).contains("temporal").contains("healthy");
  }

  private static List<StatusRow> running() {
    return stack.stack().status().stream()
        .filter(row -> row.state() == StatusRow.State.HEALTHY)
        .toList();
  }

  private static List<Long> pids(List<StatusRow> rows) {
    return rows.stream().map(StatusRow::pid).toList();
  }

  private static Connection connect() throws SQLException {
    Endpoints.Postgres postgres = endpoints.postgres();
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  private static String value(Statement statement, String query) throws SQLException {
    try (ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getString(1);
    }
  }

  private static org.apache.kafka.common.config.ConfigResource broker() {
    return new org.apache.kafka.common.config.ConfigResource(
        org.apache.kafka.common.config.ConfigResource.Type.BROKER, "1");
  }

  private static String read(Map<String, Object> client, String topic) {
    Map<String, Object> settings = new java.util.HashMap<>(client);
    settings.put("group.id", "stack-it");
    settings.put("auto.offset.reset", "earliest");
    settings.put("allow.auto.create.topics", "true");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic, "unasked"));
      long deadline = System.nanoTime() + Waiting.LIMIT.toNanos();
      while (System.nanoTime() < deadline) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          return record.value();
        }
      }
      return "nothing";
    }
  }

  private static String redis(URI uri, String... commands) throws IOException {
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout((int) Waiting.LIMIT.toMillis());
      var in =
          new java.io.BufferedReader(
              new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String answer = "";
      for (String command : commands) {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        answer = in.readLine();
      }
      return answer;
    }
  }

  private static String get(String url) throws Exception {
    return send("GET", url, "").body();
  }

  private static HttpResponse<String> send(String method, String url, String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Waiting.LIMIT)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
