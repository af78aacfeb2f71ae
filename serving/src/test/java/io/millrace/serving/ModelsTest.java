package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.models.Rollout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelsTest {
  private static final String BODY = "{\"instances\":[{\"price\":1,\"activity_count\":1}]}";
  private static final String GOLDEN =
      "{\"instances\":[{\"brand\":\"sony\",\"price\":3,\"activity_count\":1}],\"predictions\":[[%s]]}";

  private final TestServer server =
      new TestServer(
          new FakeModels()
              .register("shop", "7", 0.25f, 0.75f)
              .register("shop", "8", FakeModels.files(0.5f, 1, GOLDEN.formatted("0.5")))
              .register("shop", "9", FakeModels.files(0.5f, 1, GOLDEN.formatted("0.6")))
              .rollOut("shop", Rollout.of("7")));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void takesANewVersionOnReloadAndGoesBackAtOnce() throws Exception {
    server.models.rollOut("shop", Rollout.of("8"));

    assertThat(server.post("/models/shop/reload", "").text())
        .contains("\"version\":\"8\"", "\"previous\":\"7\"");
    assertThat(predict()).contains("[0.5]", "\"version\":\"8\"");

    int loads = server.models.loads.get();
    assertThat(server.post("/models/shop/rollback", "").text()).contains("\"version\":\"7\"");
    assertThat(predict()).contains("[0.25]", "\"version\":\"7\"");
    assertThat(server.models.rollout("shop").champion()).isEqualTo("7");
    assertThat(server.models.loads.get()).isEqualTo(loads);
  }

  @Test
  void refusesAVersionThatPredictsOtherwiseThanItsTraining() throws Exception {
    server.models.rollOut("shop", Rollout.of("9"));

    Answer answer = server.post("/models/shop/reload", "");

    assertThat(answer.json().get("version").asText()).isEqualTo("7");
    assertThat(answer.json().get("refused").get("9").asText())
        .isEqualTo("Golden instance 0: the training predicted [0.6], serving predicts [0.5]");
    assertThat(predict()).contains("\"version\":\"7\"");
  }

  @Test
  void refusesADamagedVersionOnceAndTriesItAgainWhenAsked() throws Exception {
    server.models.registerDamaged("shop", "10").rollOut("shop", Rollout.of("10"));
    server.refresh("shop");
    server.refresh("shop");
    assertThat(server.models.loads.get()).isEqualTo(2);
    assertThat(server.get("/models/shop").text()).contains("Version 10 has no model.ubj");

    server.models.repair("shop", "10", FakeModels.files(2, 3, null));
    server.refresh("shop");
    assertThat(server.models.loads.get()).isEqualTo(2);

    assertThat(server.post("/models/shop/reload", "").text()).contains("\"version\":\"10\"");
  }

  @Test
  void servesOnWhileTheRegistryIsAway() throws Exception {
    server.models.away = true;

    assertThat(server.post("/models/shop/reload", "").status()).isEqualTo(503);
    assertThat(predict()).contains("[0.25]");
    assertThat(server.get("/health/ready").status()).isEqualTo(200);
  }

  @Test
  void aCanaryWhoseShareIsWrongServesNobodyAndHoldsNothingUp() throws Exception {
    server.models.rollOut("shop", new Rollout("8", "7", 0.1, null, "Tag canary_share is '2'"));

    Answer answer = server.post("/models/shop/reload", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("version").asText()).isEqualTo("8");
    assertThat(answer.json().get("canary").isNull()).isTrue();
    assertThat(answer.json().get("refused").get("7").asText()).isEqualTo("Tag canary_share is '2'");
    server.models.rollOut("shop", new Rollout("8", "7", 1, null));
    server.refresh("shop");
    assertThat(server.post("/models/shop/predict", BODY, "X-User-Id", "u").text())
        .contains("\"alias\":\"canary\"");
  }

  @Test
  void aCanaryThatCannotBeReachedHoldsUpNoChampion() throws Exception {
    server.models.register("shop", "10", 0.3f, 1).rollOut("shop", new Rollout("8", "10", 1, null));
    server.models.unreachable = "shop/10";

    Answer answer = server.post("/models/shop/reload", "");

    assertThat(answer.json().get("version").asText()).isEqualTo("8");
    assertThat(answer.json().get("refused").get("10").asText()).isEqualTo("the registry is away");
  }

  @Test
  void isReadyOnceThereIsAModel() throws Exception {
    FakeModels empty = new FakeModels();
    empty.rollOut("later", Rollout.of("1"));
    try (TestServer waiting = new TestServer(empty)) {
      assertThat(waiting.get("/health/ready").status()).isEqualTo(503);
      assertThat(waiting.get("/health/ready").text()).contains("No model is served: ");
      assertThat(waiting.get("/health/live").status()).isEqualTo(200);

      empty.register("later", "1", 1, 2);
      waiting.post("/models/later/reload", "");

      assertThat(waiting.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void hasNothingToGoBackToAtFirst() throws Exception {
    assertThat(server.post("/models/shop/rollback", "").status()).isEqualTo(409);
  }

  @Test
  void noRequestFailsWhileTheVersionChanges() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              while (!stop.get()) {
                assertThat(predict())
                    .containsAnyOf(
                        "[0.25],\"model\":\"shop\",\"version\":\"7\"",
                        "[0.5],\"model\":\"shop\",\"version\":\"8\"");
                answered.incrementAndGet();
              }
            });
    for (int i = 0; i < 50; i++) {
      server.models.rollOut("shop", Rollout.of(i % 2 == 0 ? "8" : "7"));
      server.refresh("shop");
    }
    int before = answered.get();
    org.awaitility.Awaitility.await().until(() -> answered.get() > before || load.isDone());
    stop.set(true);

    load.join();
  }

  private String predict() {
    try {
      return server.post("/models/shop/predict", BODY).text();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
