package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.predict.NamedModelRoutes;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gone is not away: what the registry has no more is withdrawn, what it does not answer for stays.
 */
class WithdrawalTest {
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final String IRIS = NamedModelRoutes.IRIS;
  private static final String PREDICT = "/models/" + SHOP + "/predict";
  private static final String BODY = "{\"instances\":[{\"price\":1,\"activity_count\":1}]}";
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final FakeModels models =
      new FakeModels()
          .registerSeeds()
          .register(SHOP, "6", 0.125f, 0.5f)
          .register(SHOP, "8", 0.5f, 1);
  private final TestServer server = new TestServer(models);

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer predict() throws Exception {
    return server.post(PREDICT, BODY);
  }

  private void endGrace() {
    server.clock.advance(TestServer.GRACE.plus(MOMENT));
    server.poll();
  }

  static Stream<Arguments> deletions() {
    return Stream.of(
        deletion(
            "model",
            models -> models.delete(SHOP),
            "No model 'purchase_prediction_model' is registered"),
        deletion(
            "version",
            models -> models.delete(SHOP, "7"),
            "Version 7 of 'purchase_prediction_model' is not registered"),
        deletion(
            "alias",
            models -> models.rollOut(SHOP, new Rollout(null, null, 0.1, null)),
            "No version of 'purchase_prediction_model' has the alias 'champion'"));
  }

  private static Arguments deletion(String what, Consumer<FakeModels> delete, String reason) {
    return Arguments.of(what, delete, reason);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deletions")
  void whatIsDeletedServesForItsGraceAndNoLonger(
      String what, Consumer<FakeModels> delete, String reason) throws Exception {
    delete.accept(models);
    server.poll();

    assertThat(predict().text()).contains("[0.25]");
    JsonNode gone = server.get("/models/" + SHOP).json().get("gone");
    assertThat(gone.get("gone").asText()).isEqualTo(what);
    assertThat(gone.get("reason").asText()).isEqualTo(reason);
    assertThat(gone.get("served_until").asText())
        .isEqualTo(server.clock.instant().plus(TestServer.GRACE).toString());
    assertThat(server.get("/health").json().get("failures").get(SHOP).asText()).contains(reason);

    server.clock.advance(TestServer.GRACE.minus(MOMENT));
    server.poll();
    assertThat(predict().status()).isEqualTo(200);

    endGrace();
    assertThat(predict().status()).isEqualTo(404);
    assertThat(predict().json().get("detail").asText())
        .isEqualTo(
            "No model '%s' is served: version 7 was withdrawn at %s: %s"
                .formatted(SHOP, server.clock.instant(), reason));
    JsonNode withdrawn = server.get("/models").json().get("withdrawn").get(SHOP);
    assertThat(withdrawn.get("version").asText()).isEqualTo("7");
    assertThat(withdrawn.get("gone").asText()).isEqualTo(what);
    assertThat(withdrawn.get("reason").asText()).isEqualTo(reason);
    assertThat(server.get("/models/" + IRIS).status()).isEqualTo(200);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deletions")
  void seriesFailuresAndCachesGoWithIt(String what, Consumer<FakeModels> delete, String reason)
      throws Exception {
    predict();
    assertThat(server.get("/metrics").text())
        .contains("millrace_predictions_total{alias=\"champion\",model=\"" + SHOP)
        .contains("millrace_model_reloads_seconds_count{alias=\"champion\",model=\"" + SHOP);

    delete.accept(models);
    server.poll();
    endGrace();
    server.poll();

    String metrics = server.get("/metrics").text();
    assertThat(metrics.lines().filter(line -> line.contains(SHOP)))
        .containsExactly(
            "millrace_model_withdrawn_info{gone=\"%s\",model=\"%s\",version=\"7\"} 1"
                .formatted(what, SHOP));
    assertThat(metrics).contains("millrace_model_withdrawals_total{gone=\"" + what + "\"} 1.0");
    assertThat(server.get("/health").json().get("failures")).isEmpty();
    assertThat(server.get("/health").json().get("models").has(SHOP)).isFalse();
  }

  @Test
  void aRequestThatEndsAfterTheWithdrawalLeavesNoSeries() throws Exception {
    predict();
    models.delete(SHOP);
    server.poll();
    server.sink.offer(server.records.element());
    endGrace();
    server.sink.offer(server.records.element());

    assertThat(server.get("/metrics").text())
        .doesNotContain("millrace_predictions_total{alias=\"champion\",model=\"" + SHOP);
  }

  @Test
  void noAnswerKeepsWhatIsServedHoweverLong() throws Exception {
    models.away = true;
    for (int day = 0; day < 3; day++) {
      server.clock.advance(Duration.ofDays(1));
      server.poll();
    }

    assertThat(predict().text()).contains("[0.25]");
    assertThat(server.get("/models").json().get("withdrawn")).isEmpty();
  }

  @Test
  void whatIsAwayWhileTheGraceEndsIsKeptUntilThereIsAnAnswer() throws Exception {
    models.delete(SHOP);
    server.poll();
    models.away = true;
    endGrace();
    assertThat(predict().status()).isEqualTo(200);

    models.away = false;
    server.poll();

    assertThat(predict().status()).isEqualTo(404);
  }

  @Test
  void whatComesBackInItsGraceServesAsIfNothingHadBeen() throws Exception {
    models.rollOut(SHOP, new Rollout(null, null, 0.1, null));
    server.poll();
    models.rollOut(SHOP, Rollout.of("7"));
    server.poll();
    assertThat(server.get("/models/" + SHOP).json().has("gone")).isFalse();
    endGrace();
    assertThat(predict().status()).isEqualTo(200);

    models.rollOut(SHOP, new Rollout(null, null, 0.1, null));
    server.poll();
    server.clock.advance(TestServer.GRACE.minus(MOMENT));
    server.poll();

    assertThat(predict().status()).as("a grace of its own").isEqualTo(200);
  }

  @Test
  void whatComesBackAfterItsGraceServesAgainAndIsWithdrawnNoMore() throws Exception {
    models.delete(SHOP);
    server.poll();
    endGrace();
    models.register(SHOP, "1", 0.75f, 1).rollOut(SHOP, Rollout.of("1"));
    server.poll();

    assertThat(predict().text()).contains("[0.75]", "\"version\":\"1\"");
    assertThat(server.get("/models").json().get("withdrawn")).isEmpty();
    assertThat(server.get("/metrics").text()).doesNotContain("millrace_model_withdrawn_info{");
  }

  @Test
  void reloadOfAVersionThatIsNoMoreIsNotFoundAndNamesIt() throws Exception {
    models.delete(SHOP, "7");

    Answer answer = server.post("/models/" + SHOP + "/reload", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.json().get("detail").asText())
        .isEqualTo(
            "Version 7 of '%s' is served until %s and no longer: Version 7 of '%s' is not registered"
                .formatted(SHOP, server.clock.instant().plus(TestServer.GRACE), SHOP));
    assertThat(predict().status()).as("its grace holds").isEqualTo(200);
    server.clock.advance(TestServer.GRACE.plus(MOMENT));
    assertThat(server.post("/models/" + SHOP + "/reload", "").status()).isEqualTo(404);
    assertThat(predict().status()).isEqualTo(404);
  }

  @Test
  void anotherVersionThatHasGotTheNumberIsLoaded() throws Exception {
    predict();
    models.delete(SHOP).register(SHOP, "7", 0.5f, 1).rollOut(SHOP, Rollout.of("7"));
    server.poll();

    assertThat(predict().text()).contains("[0.5]", "\"version\":\"7\"");
    JsonNode live = server.get("/models/" + SHOP).json();
    assertThat(live.get("previous").isNull()).as("what was deleted is no way back").isTrue();
    assertThat(live.get("since").asText()).isEqualTo(server.clock.instant().toString());
  }

  @Test
  void anotherVersionOfTheNumberThatIsRefusedLeavesTheOldOneItsGraceOnly() throws Exception {
    models.delete(SHOP).registerDamaged(SHOP, "7").rollOut(SHOP, Rollout.of("7"));
    server.poll();
    assertThat(predict().text()).contains("[0.25]");

    endGrace();

    assertThat(predict().status()).isEqualTo(404);
    assertThat(predict().text()).contains("another one has got its number");
    server.poll();
    assertThat(server.get("/health").json().get("failures").get(SHOP).asText())
        .contains("has no model.ubj");
  }

  @Test
  void theOldVersionThatServesInPlaceOfARefusedOneIsWithdrawnOnceItIsDeleted() throws Exception {
    models.registerDamaged(SHOP, "9").rollOut(SHOP, Rollout.of("9"));
    server.poll();
    endGrace();
    assertThat(predict().text()).contains("\"version\":\"7\"");

    models.delete(SHOP, "7");
    server.poll();
    endGrace();

    assertThat(predict().status()).isEqualTo(404);
  }

  @Test
  void thereIsNoWayBackToAVersionThatWasDeleted() throws Exception {
    server.post("/models/" + SHOP + "/promote", "{\"version\":\"8\"}");
    models.delete(SHOP, "7");

    Answer back = server.post("/models/" + SHOP + "/rollback", "");
    assertThat(back.status()).isEqualTo(404);
    assertThat(back.text()).contains("Version 7 of 'purchase_prediction_model'", "is gone");
    assertThat(server.post("/models/" + SHOP + "/rollback", "").status()).isEqualTo(409);
    assertThat(predict().text()).contains("\"version\":\"8\"");
  }

  @Test
  void theNextLookForgetsAWayBackThatWasDeleted() throws Exception {
    server.post("/models/" + SHOP + "/promote", "{\"version\":\"8\"}");
    models.delete(SHOP, "7");

    server.poll();

    assertThat(server.get("/models/" + SHOP).json().get("previous").isNull()).isTrue();
  }

  @Test
  void aCanaryAndAShadowThatAreDeletedStopAtOnceAndTheChampionAnswers() throws Exception {
    models.rollOut(SHOP, new Rollout("7", "8", 1, "6"));
    server.poll();
    assertThat(server.post(PREDICT, BODY, "X-User-Id", "u").text())
        .contains("\"alias\":\"canary\"");

    models.delete(SHOP, "8").delete(SHOP, "6");
    server.poll();

    assertThat(server.post(PREDICT, BODY, "X-User-Id", "u").text())
        .contains("\"alias\":\"champion\"");
    assertThat(server.get("/models/" + SHOP).json().get("shadow").isNull()).isTrue();
  }

  @Test
  void aPinnedVersionThatIsDeletedOrReplacedIsKeptNoLonger() throws Exception {
    models
        .register(IRIS, "1", FakeModels.numbers(FakeModels.IRIS_INPUTS, List.of(), 1, 2))
        .register(IRIS, "2", FakeModels.numbers(FakeModels.IRIS_INPUTS, List.of(), 1, 2));
    String one = "{\"input_data\":[1,2,3,4],\"model_version\":\"1\"}";
    String two = "{\"input_data\":[1,2,3,4],\"model_version\":\"2\"}";
    assertThat(server.post("/inference", one).text()).contains("[1.0]");
    assertThat(server.post("/inference", two).text()).contains("[1.0]");

    models
        .delete(IRIS, "1")
        .register(IRIS, "2", FakeModels.numbers(FakeModels.IRIS_INPUTS, List.of(), 5, 6));
    server.poll();

    assertThat(server.post("/inference", one).status()).isEqualTo(404);
    assertThat(server.post("/inference", one).text())
        .contains("Version 1 of 'iris_xgboost_classifier' is not registered");
    assertThat(server.post("/inference", two).text()).contains("[5.0]");
  }

  @Test
  void isNotReadyOnceTheLastModelIsWithdrawnAndSaysWhy() throws Exception {
    for (String model : models.models()) {
      models.delete(model);
    }
    server.poll();
    assertThat(server.get("/health/ready").status()).isEqualTo(200);

    endGrace();

    assertThat(server.get("/health/ready").status()).isEqualTo(503);
    assertThat(server.get("/health/ready").text())
        .contains("purchase_prediction_model: version 7 was withdrawn at");
  }
}
