package io.millrace.serving.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.serving.PredictionMessage;
import io.millrace.core.training.CategoryMappings;
import io.millrace.core.training.OrdinalEncoding;
import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaPredictionLogTest {
  private static final String NOBODY = "127.0.0.1:1";
  private static TestServer server;
  private static PredictionRecord record;

  @BeforeAll
  static void predict() throws Exception {
    server =
        new TestServer(
            new FakeModels().register("shop", "7", 0.25f, 0.75f).rollOut("shop", Rollout.of("7")));
    server.post(
        "/models/shop/predict",
        """
        {"instances":[{"brand":"sony","price":3,"activity_count":1},
                      {"brand":"new","price":30.5,"activity_count":2},
                      {"price":1,"activity_count":2}]}\
        """,
        "X-Request-Id",
        "r-1");
    record = server.records.element();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aRowIsAMessageWithWhatTheRequestGave() {
    PredictionMessages messages = new PredictionMessages(record);
    PredictionMessage first = messages.of(0);

    assertThat(new String(first.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"timestamp\":\"%s\",\"prediction_id\":\"%s\",\"request_id\":\"r-1\",\"row\":0,"
                    .formatted(first.timestamp(), first.predictionId())
                + "\"model\":\"shop\",\"version\":\"7\",\"alias\":\"champion\",\"user_id\":null,"
                + "\"product_id\":null,\"features\":{\"brand\":\"sony\",\"price\":3.0,"
                + "\"activity_count\":1.0},\"prediction\":0.25,\"latency_ms\":%s}"
                    .formatted(first.latencyMs()));
    assertThat(messages.of(1).features()).contains("\"brand\":null", "\"price\":30.5");
    assertThat(messages.of(2).features()).contains("\"brand\":null", "\"price\":1.0");
    assertThat(List.of(messages.of(1).predictionId(), messages.of(2).predictionId()))
        .doesNotContain(first.predictionId())
        .doesNotHaveDuplicates();
    assertThat(new PredictionMessages(record).of(0).predictionId())
        .isNotEqualTo(first.predictionId());
  }

  @Test
  void aRowWhoseScoresAreNotFiniteIsNoMessage() throws Exception {
    VersionFiles poisson =
        new VersionFiles(
            FakeModels.SCHEMA,
            new CategoryMappings(Map.of("brand", OrdinalEncoding.fit(List.of("apple", "sony")))),
            FakeModels.scorer(3, "count:poisson", 0, 200),
            null);
    try (TestServer infinite =
        new TestServer(
            new FakeModels()
                .register("shop", "7", 0.25f, 0.75f)
                .register("shop", "8", poisson)
                .rollOut("shop", new Rollout("7", null, 0.1, "8")))) {
      infinite.post(
          "/models/shop/predict",
          "{\"instances\":[{\"price\":20,\"activity_count\":1},{\"price\":1,\"activity_count\":1}]}");
      await().until(() -> infinite.records.size() == 2);
      PredictionRecord shadow =
          infinite.records.stream()
              .filter(one -> one.version().version().equals("8"))
              .findFirst()
              .orElseThrow();

      PredictionMessages messages = new PredictionMessages(shadow);

      assertThat(messages.rows()).containsExactly(1);
      assertThat(PredictionMessage.parse(messages.of(1).bytes()).prediction().get(0)).isFinite();
    }
  }

  @Test
  void throwsAwayWhatIsOnlyToWarmUp() {
    KafkaPredictionLog predictions = KafkaPredictionLog.discarding();
    for (int i = 0; i < 100; i++) {
      predictions.offer(record);
    }
    await().until(() -> predictions.waiting() == 0);
    predictions.close();

    assertThat(predictions.sent() + predictions.dropped() + predictions.failed()).isZero();
  }

  @Test
  void dropsWhatDoesNotFitWhileKafkaIsAway() {
    KafkaPredictionLog predictions = new KafkaPredictionLog(NOBODY, 10);
    for (int i = 0; i < 100; i++) {
      predictions.offer(record);
    }
    assertThat(predictions.waiting()).isLessThanOrEqualTo(10);
    assertThat(predictions.dropped()).isGreaterThan(200);

    predictions.close();

    assertThat(predictions.waiting()).isZero();
    assertThat(predictions.sent()).isZero();
    assertThat(predictions.dropped() + predictions.failed()).isEqualTo(300);
    predictions.offer(record);
    assertThat(predictions.dropped() + predictions.failed()).isEqualTo(303);
  }

  @Test
  void startsWhileNoBrokersNameIsKnown() {
    try (KafkaPredictionLog predictions = new KafkaPredictionLog("no.such.host.invalid:9092", 10)) {
      predictions.offer(record);
      await().until(() -> predictions.failed() == 3);
      await().until(() -> predictions.waiting() == 0);
    }
  }
}
