package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.sales.Sale;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flink and PostgreSQL are killed under load: the table holds the newest figure of each sale. */
class SalesIT {
  private static final LocalDate START = LocalDate.parse("2015-07-22");
  private static final Path MIGRATION =
      Path.of("../activities/src/main/resources/db/migration/V202611211450__sales.sql");

  private final Map<String, Integer> expected = new HashMap<>();
  private final Random random = new Random(20261121);
  private LocalStack stack;
  private FlinkProcess flink;
  private KafkaProducer<String, byte[]> producer;
  private int invalid;

  @BeforeEach
  void start() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "sales-");
    stack = LocalStack.forTests(Component.KAFKA, Component.S3, Component.POSTGRES);
    Endpoints at = stack.endpoints();
    query(Files.readString(MIGRATION));
    KafkaTopics.ensure(at.kafka().bootstrapServers(), List.of(Topics.SALES), 4);
    producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, at.kafka().bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer());
    flink =
        new FlinkProcess(
            folder,
            at.kafka(),
            at.s3(),
            Map.of(
                "flink.jobs", "sales",
                "flink.sales-checkpoint-interval", "500ms",
                "postgres.jdbc-url", at.postgres().jdbcUrl(),
                "postgres.user", at.postgres().user(),
                "postgres.password", at.postgres().password()));
  }

  @AfterEach
  void stop() {
    flink.close();
    producer.close();
    stack.close();
  }

  @Test
  void holdsTheNewestFigureOfEachSaleOnce() throws Exception {
    flink.start();
    produce(2_000);
    await().until(() -> table().size() > 100);
    stack.kill9(Component.POSTGRES);
    produce(1_000);
    await().until(() -> flink.log().contains("Waiting for PostgreSQL"));
    flink.kill9();
    stack.restart(Component.POSTGRES);
    flink.start();
    produce(1_000);

    await()
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(table()).isEqualTo(expected));
    assertThat(flink.stop()).isEqualTo(143);
    CommittedMessages topics = new CommittedMessages(stack.endpoints().kafka().bootstrapServers());
    assertThat(topics.of(Topics.INVALID_SALES)).hasSize(invalid);
    assertThat(topics.of(Topics.INVALID_SALES))
        .allSatisfy(
            message ->
                assertThat(new String(message.value(), StandardCharsets.UTF_8))
                    .contains("\"error_message\":\"sales is -", "\"raw_data\":\"{"));
  }

  /** The figures of 50 stores on 10 days come again and again, each time others. */
  private void produce(int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      LocalDate date = START.plusDays(random.nextInt(10));
      boolean bad = random.nextInt(50) == 0;
      int figure = bad ? -1 - i : random.nextInt(10_000);
      Sale sale = new Sale(1 + random.nextInt(50), date, figure, 5, 1, 0, "0", "1", "product_A");
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.SALES, String.valueOf(sale.store()), sale.message()));
      if (bad) {
        invalid++;
      } else {
        expected.put(sale.store() + " " + date, figure);
      }
    }
    producer.flush();
  }

  private Map<String, Integer> table() {
    return query("SELECT store || ' ' || date::date, sales FROM sales.rossman_sales");
  }

  private Map<String, Integer> query(String sql) {
    Endpoints.Postgres at = stack.endpoints().postgres();
    Map<String, Integer> rows = new HashMap<>();
    try (Connection connection =
            DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
        Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        ResultSet result = statement.getResultSet();
        while (result.next()) {
          rows.put(result.getString(1), result.getInt(2));
        }
      }
    } catch (SQLException e) {
      throw new AssertionError("PostgreSQL failed", e);
    }
    return rows;
  }
}
