package io.millrace.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.serving.models.Rollout;
import io.millrace.serving.predict.NamedModelRoutes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final String SHOP = NamedModelRoutes.PURCHASE;
  private static final String PATH = "/models/" + SHOP + "/predict";

  private final TestServer server =
      new TestServer(
          new FakeModels()
              .register(SHOP, "7", 0.25f, 0.75f)
              .register(SHOP, "8", 0.5f, 1)
              .rollOut(SHOP, Rollout.of("7")));

  @AfterEach
  void stop() {
    server.close();
  }

  private String scrape() throws Exception {
    return server.get("/metrics").text();
  }

  @Test
  void tellsWhatWasPredictedByWhom() throws Exception {
    server.post(
        PATH,
        "{\"instances\":[{\"price\":1,\"activity_count\":1},{\"price\":20,\"activity_count\":1}]}");
    server.models.rollOut(SHOP, Rollout.of("8"));
    server.refresh(SHOP);
    server.post(PATH, "{\"instances\":[{\"price\":1,\"activity_count\":1}]}");
    server.post("/predict", "[{\"user_id\":1,\"product_id\":2}]");

    String labels = "{alias=\"champion\",model=\"purchase_prediction_model\",version=\"%s\"%s}";
    assertThat(scrape())
        .contains("millrace_predictions_total" + labels.formatted("7", "") + " 2.0")
        .contains("millrace_predictions_total" + labels.formatted("8", "") + " 1.0")
        .contains("millrace_prediction_missing_inputs_total" + labels.formatted("7", "") + " 2.0")
        .contains("millrace_prediction_score_bucket" + labels.formatted("7", ",le=\"0.3\"") + " 1")
        .contains("millrace_prediction_score_sum" + labels.formatted("7", "") + " 1.0")
        .contains("millrace_model_info" + labels.formatted("8", "") + " 1")
        .doesNotContain("millrace_model_info" + labels.formatted("7", ""))
        .contains("millrace_feature_rows_total{outcome=\"missing\"} 1.0")
        .contains("outcome=\"loaded\"} 2")
        .contains("millrace_http_requests_in_progress 1.0")
        .contains("jvm_memory_used_bytes", "process_cpu_usage");
  }

  @Test
  void tellsRequestsByTemplateHoweverManyPathsThereAre() throws Exception {
    server.post(PATH, "{}");
    server.get("/nothing/1");
    server.get("/nothing/2");
    server.get(PATH);

    await()
        .untilAsserted(
            () ->
                assertThat(scrape())
                    .contains(
                        "millrace_http_requests_seconds_count{handler=\"/models/{name}/predict\",method=\"POST\",status=\"422\"}"
                            + " 1")
                    .contains(
                        "millrace_http_requests_seconds_count{handler=\"unmatched\",method=\"GET\",status=\"404\"}"
                            + " 2")
                    .contains("handler=\"unmatched\",method=\"GET\",status=\"405\"")
                    .doesNotContain("nothing"));
  }
}
