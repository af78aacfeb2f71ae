package io.millrace.serving.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.millrace.core.features.OnlineKey;
import io.millrace.serving.http.AsyncResponses;
import io.millrace.serving.http.JsonResponses;
import io.millrace.serving.http.RequestIds;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.predict.EntityPredictions.Item;
import io.millrace.serving.predict.EntityPredictions.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer for users and products: {@code {"predictions": [0.41, null], "success": false,
 * "errors": [{"index": 1, "user_id": 5, "product_id": 6, "error": "…"}], "model": "…", "version":
 * "3", "alias": "champion"}}. {@code versions} says which version answered each one, if a canary is
 * at work.
 */
final class PurchaseAnswer {
  private PurchaseAnswer() {}

  /** Looks the features up, scores them and answers. */
  static void answer(
      Context context,
      Predictor predictor,
      ActiveVersions live,
      List<OnlineKey> keys,
      long started) {
    String id = RequestIds.of(context);
    AsyncResponses.answer(
        context,
        threads -> predictor.find(keys, threads),
        found -> {
          Outcome outcome = predictor.score(live, keys, found, id, started);
          JsonResponses.ok(context, json -> fields(json, live, outcome));
        });
  }

  private static void fields(JsonGenerator json, ActiveVersions live, Outcome outcome)
      throws IOException {
    json.writeArrayFieldStart("predictions");
    for (Item item : outcome.items()) {
      @Nullable ScoredBatch scored = item.scored();
      if (scored == null) {
        json.writeNull();
      } else {
        PredictRoutes.prediction(json, scored.scores(), item.row());
      }
    }
    json.writeEndArray();
    json.writeBooleanField("success", outcome.items().stream().allMatch(i -> i.error() == null));
    errors(json, outcome.items());
    PredictRoutes.identity(json, live.champion());
    if (live.canary() != null) {
      json.writeArrayFieldStart("versions");
      for (Item item : outcome.items()) {
        json.writeString(item.version().version());
      }
      json.writeEndArray();
    }
    Map<Integer, List<String>> missing = new TreeMap<>();
    for (int i = 0; i < outcome.items().size(); i++) {
      if (!outcome.items().get(i).missing().isEmpty()) {
        missing.put(i, outcome.items().get(i).missing());
      }
    }
    PredictRoutes.missing(json, missing);
  }

  private static void errors(JsonGenerator json, List<Item> items) throws IOException {
    json.writeArrayFieldStart("errors");
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      if (item.error() != null) {
        json.writeStartObject();
        json.writeNumberField("index", i);
        json.writeNumberField("user_id", item.entity().userId());
        json.writeNumberField("product_id", item.entity().productId());
        json.writeStringField("error", item.error());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }
}
