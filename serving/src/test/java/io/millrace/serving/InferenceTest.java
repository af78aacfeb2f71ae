package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.registry.PromotionRecord;
import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.models.Rollout;
import io.millrace.serving.models.VersionFiles;
import io.millrace.serving.predict.NamedModelRoutes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceTest {
  private static final String IRIS = NamedModelRoutes.IRIS;
  private static final String DATA = "\"input_data\":[1,2]";

  private final FakeModels models =
      new FakeModels()
          .register(IRIS, "7", version(0.25f))
          .register(IRIS, "8", version(0.75f))
          .rollOut(IRIS, Rollout.of("7"));
  private final TestServer server = new TestServer(models);

  private static VersionFiles version(float score) {
    return FakeModels.numbers(List.of("width", "length"), List.of("no", "yes"), score, 1);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Answer infer(String fields) throws Exception {
    return server.post("/inference", "{" + fields + "}");
  }

  @Test
  void answersByTheChampionUnlessAnotherVersionIsAskedFor() throws Exception {
    assertThat(infer(DATA).text())
        .isEqualTo(
            "{\"prediction\":[\"no\"],\"probabilities\":[0.75,0.25],\"model\":\"iris_xgboost_classifier\","
                + "\"version\":\"7\",\"alias\":\"champion\"}");
    assertThat(infer(DATA + ",\"model_version\":\"8\"").text())
        .contains("[\"yes\"]", "[0.25,0.75]", "\"version\":\"8\",\"alias\":\"pinned\"");
    assertThat(infer(DATA + ",\"model_version\":\"7\"").text())
        .contains("\"version\":\"7\",\"alias\":\"champion\"");
    assertThat(server.records).hasSize(3);
  }

  @Test
  void loadsAVersionOnceAndKeepsTheFourUsedLast() throws Exception {
    for (int version = 10; version < 15; version++) {
      models.register(IRIS, "" + version, version(0.1f));
    }
    int before = models.loads.get();
    for (int version = 10; version < 14; version++) {
      infer(DATA + ",\"model_version\":" + version);
      infer(DATA + ",\"model_version\":" + version);
    }
    assertThat(models.loads.get() - before).isEqualTo(4);

    infer(DATA + ",\"model_version\":14");
    infer(DATA + ",\"model_version\":13");
    assertThat(models.loads.get() - before).isEqualTo(5);
    infer(DATA + ",\"model_version\":10");
    assertThat(models.loads.get() - before).isEqualTo(6);
  }

  @Test
  void doesNotKnowEveryVersion() throws Exception {
    int before = models.loads.get();

    Answer answer = infer(DATA + ",\"model_version\":\"99\"");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("Version 99 of 'iris_xgboost_classifier' cannot be served");
    assertThat(models.loads.get() - before).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 503", "2, 3, 503", "3, 3, 200"})
  void triesAsOftenAsItIsTold(int retries, int loads, int status) throws Exception {
    int before = models.loads.get();
    models.failures.set(retries == 3 ? 2 : 100);

    Answer answer = infer(DATA + ",\"model_version\":\"8\",\"retries\":" + retries);

    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(models.loads.get() - before).isEqualTo(loads);
  }

  @Test
  void givesUpWhenTheTimeIsOverAndInterruptsTheWork() throws Exception {
    models.slowness = Duration.ofSeconds(30);

    Answer answer = infer(DATA + ",\"model_version\":\"8\",\"sla_seconds\":0.2");

    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.text()).contains("within the 0.2 s of sla_seconds");
    await().until(() -> models.interrupted.get() == 1);
    assertThat(server.records).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"retries\":1 | input_data: is required",
        "\"input_data\":3 | input_data: must be a list",
        "\"input_data\":[1] | input_data: must have 2 values, one for each of width, length, but"
            + " has 1",
        "\"input_data\":[1,2,[3]] | but has 3",
        "\"input_data\":[1,\"2\"] | input_data.length: must be a number, but is a text",
        "\"input_data\":[1,[2]] | input_data.length: must be a number, but is a list",
        "\"input_data\":[1,1e99] | input_data.length: must be a number of at most 3.4e38",
        "\"input_data\":[1,null] | input_data.length: is required",
        "\"input_data\":[1,2],\"input_data\":[1,2] | is given twice",
        "\"input_data\":[1,2],\"retries\":11 | retries: must be 0 to 10",
        "\"input_data\":[1,2],\"retries\":-1 | retries: must be 0 to 10",
        "\"input_data\":[1,2],\"retries\":1.5 | retries: must be a whole number",
        "\"input_data\":[1,2],\"sla_seconds\":0 | sla_seconds: must be more than 0",
        "\"input_data\":[1,2],\"sla_seconds\":601 | at most 600",
        "\"input_data\":[1,2],\"model_version\":\"../8\" | model_version: must be a version",
        "\"input_data\":[1,2],\"surprise\":1 | surprise: is not known here"
      })
  void refusesWhatIsNotAsItMustBe(String fields, String detail) throws Exception {
    Answer answer = infer(fields);

    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.text()).contains(detail);
  }

  @Test
  void promotesAndSharesThroughTheRegistry() throws Exception {
    String path = "/models/" + IRIS;

    assertThat(server.post(path + "/promote", "{\"version\":\"8\"}").text())
        .contains("\"version\":\"8\"", "\"previous\":\"7\"");
    assertThat(models.rollout(IRIS).champion()).isEqualTo("8");
    Answer noCanary = server.put(path + "/canary", "{\"share\":0.2}");
    assertThat(noCanary.status()).isEqualTo(409);
    assertThat(noCanary.text()).contains("No canary", "has no canary: name the version");
    assertThat(server.put(path + "/canary", "{\"version\":\"7\",\"share\":0.2}").text())
        .contains("\"canary\":\"7\"", "\"canary_share\":0.2");
    assertThat(server.put(path + "/canary", "{\"share\":0.4}").text())
        .contains("\"canary\":\"7\"", "\"canary_share\":0.4");
    assertThat(models.rollout(IRIS).canaryShare()).isEqualTo(0.4);
    assertThat(server.delete(path + "/canary").text()).contains("\"canary\":null");
    assertThat(models.rollout(IRIS).canary()).isNull();

    assertThat(server.put(path + "/canary", "{\"share\":2}").status()).isEqualTo(422);
    assertThat(server.put(path + "/canary", "{\"part\":2}").status()).isEqualTo(422);
    assertThat(server.put(path + "/canary", "{\"share\":1,\"share\":0}").status()).isEqualTo(422);
    Answer unknown = server.post(path + "/promote", "{\"version\":\"99\"}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).contains("Version 99 of 'iris_xgboost_classifier'");
    models.registerDamaged(IRIS, "9");
    assertThat(server.post(path + "/promote", "{\"version\":\"9\"}").status()).isEqualTo(409);
    assertThat(models.rollout(IRIS).champion()).isEqualTo("8");
    models.register(IRIS, "10", version(0.1f)).setVersionTag(IRIS, "10", "gate", "held");
    Answer held = server.post(path + "/promote", "{\"version\":\"10\"}");
    assertThat(held.status()).isEqualTo(409);
    assertThat(held.text())
        .contains("Gate not passed", "Version 10", "force the promotion and give a reason");
    assertThat(server.post(path + "/promote", "{\"version\":\"10\",\"force\":true}").text())
        .contains("\"reason\"", "is required with force");
    assertThat(
            server
                .post(
                    path + "/promote",
                    "{\"version\":\"10\",\"force\":true,\"reason\":\"the test set is wrong\"}")
                .text())
        .contains("\"version\":\"10\"");
    assertThat(PromotionRecord.of(models.findVersion(IRIS, "10").orElseThrow()))
        .singleElement()
        .returns("HTTP client 127.0.0.1", PromotionRecord::by)
        .returns("the test set is wrong", PromotionRecord::reason)
        .returns(PromotionRecord.Kind.FORCED, PromotionRecord::kind)
        .returns("8", PromotionRecord::from);
    models.away = true;
    assertThat(server.put(path + "/canary", "{\"share\":0.3}").status()).isEqualTo(503);
  }
}
