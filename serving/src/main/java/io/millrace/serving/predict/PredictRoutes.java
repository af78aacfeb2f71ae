package io.millrace.serving.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.serving.http.JsonResponses;
import io.millrace.serving.http.RequestBody;
import io.millrace.serving.http.RequestIds;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.ServedVersion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predictions of any model.
 *
 * <pre>{@code
 * POST /models/purchase_prediction_model/predict
 * {"instances": [{"brand": "sony", "price": 129.5, "event_weekday": 2, "activity_count": 4}]}
 * 200 {"predictions": [0.41], "model": "purchase_prediction_model", "version": "3",
 *      "alias": "champion", "missing": {"0": ["category_code_level1", "category_code_level2"]}}
 * }</pre>
 *
 * <p>A model of several classes gives a list of probabilities for each instance, and {@code
 * "labels"} names them. With {@code "entities"} in place of instances their features are looked up.
 */
public final class PredictRoutes implements Routes {
  /** The user whose version answers, if the body has no {@code "user"}. */
  static final String USER_HEADER = "X-User-Id";

  private final Predictor predictor;

  public PredictRoutes(Predictor predictor) {
    this.predictor = predictor;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/models/{name}/predict", this::predict, Role.PREDICT);
  }

  private void predict(Context context) {
    long started = System.nanoTime();
    ActiveVersions live = predictor.models().require(context.pathParam("name"));
    byte[] body = RequestBody.of(context);
    int limit = predictor.batchLimit();
    @Nullable String user = live.canary() == null ? null : user(context, body);
    ServedVersion version = live.forUser(user);
    PredictRequest request = PredictRequest.read(body, version.encoder(), limit);
    @Nullable Rows rows = request.instances();
    if (rows == null) {
      PurchaseAnswer.answer(context, predictor, live, request.requireEntities(), started);
      return;
    }
    ScoredBatch scored =
        predictor.score(
            live,
            user,
            RequestIds.of(context),
            started,
            reader ->
                reader.equals(version)
                    ? rows
                    : PredictRequest.read(body, reader.encoder(), limit).requireInstances(),
            row -> "instances[" + row + "]");
    JsonResponses.ok(context, json -> write(json, scored));
  }

  private static @Nullable String user(Context context, byte[] body) {
    @Nullable String header = context.header(USER_HEADER);
    return header == null ? PredictRequest.user(body) : header;
  }

  private static void write(JsonGenerator json, ScoredBatch scored) throws IOException {
    ServedVersion version = scored.version();
    json.writeArrayFieldStart("predictions");
    for (int row = 0; row < scored.rows().count(); row++) {
      prediction(json, scored.scores(), row);
    }
    json.writeEndArray();
    if (!version.schema().labels().isEmpty()) {
      json.writeArrayFieldStart("labels");
      for (String label : version.schema().labels()) {
        json.writeString(label);
      }
      json.writeEndArray();
    }
    identity(json, version);
    missing(json, scored.rows().missing());
  }

  /** One number, or a list of them for a model of several outputs. */
  static void prediction(JsonGenerator json, Scores scores, int row) throws IOException {
    if (scores.outputs() == 1) {
      json.writeNumber(scores.at(row, 0));
      return;
    }
    json.writeStartArray();
    for (int i = 0; i < scores.outputs(); i++) {
      json.writeNumber(scores.at(row, i));
    }
    json.writeEndArray();
  }

  /** What every answer says: who predicted. */
  static void identity(JsonGenerator json, ServedVersion version) throws IOException {
    json.writeStringField("model", version.model());
    json.writeStringField("version", version.version());
    json.writeStringField("alias", version.alias());
  }

  /** The inputs that were left out, by the instance's place; nothing if there are none. */
  static void missing(JsonGenerator json, Map<Integer, List<String>> missing) throws IOException {
    if (missing.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("missing");
    for (Map.Entry<Integer, List<String>> row : missing.entrySet()) {
      json.writeArrayFieldStart(row.getKey().toString());
      for (String name : row.getValue()) {
        json.writeString(name);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
