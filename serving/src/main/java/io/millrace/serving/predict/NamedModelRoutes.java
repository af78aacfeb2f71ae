package io.millrace.serving.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.serving.features.Entities;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.JsonResponses;
import io.millrace.serving.http.RequestBody;
import io.millrace.serving.http.RequestIds;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.ServedVersion;
import java.io.IOException;
import java.util.List;

/**
 * The paths of the single models, in the shapes that their clients know:
 *
 * <ul>
 *   <li>{@code POST /predict} with a list of {@code {user_id, product_id}}: {@value #PURCHASE}
 *   <li>{@code POST /predict} with an iris's four measures: {@value #IRIS}, answers the class
 *   <li>{@code POST /model/predict} with a block of houses: {@value #HOUSING}, answers US dollars
 * </ul>
 */
public final class NamedModelRoutes implements Routes {
  public static final String PURCHASE = "purchase_prediction_model";
  public static final String IRIS = "iris_xgboost_classifier";
  public static final String HOUSING = "california_housing";

  private static final float DOLLARS = 100_000;

  private final Predictor predictor;

  public NamedModelRoutes(Predictor predictor) {
    this.predictor = predictor;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/predict", this::predict, Role.PREDICT);
    app.post("/model/predict", this::housing, Role.PREDICT);
  }

  private void predict(Context context) {
    long started = System.nanoTime();
    byte[] body = RequestBody.of(context);
    if (isObject(body)) {
      iris(context, body, started);
      return;
    }
    ActiveVersions live = predictor.models().require(PURCHASE);
    PurchaseAnswer.answer(
        context, predictor, live, Entities.list(body, predictor.batchLimit()), started);
  }

  /** Whether the first thing in the body is a brace. */
  private static boolean isObject(byte[] body) {
    for (byte b : body) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b == '{';
      }
    }
    return false;
  }

  private void iris(Context context, byte[] body, long started) {
    ScoredBatch scored = one(context, IRIS, body, started);
    int best = scored.scores().bestClass(0);
    JsonResponses.ok(
        context,
        json -> {
          json.writeNumberField("prediction", best);
          label(json, scored.version(), best);
          PredictRoutes.identity(json, scored.version());
          PredictRoutes.missing(json, scored.rows().missing());
        });
  }

  private static void label(JsonGenerator json, ServedVersion version, int best)
      throws IOException {
    List<String> labels = version.schema().labels();
    if (best < labels.size()) {
      json.writeStringField("label", labels.get(best));
    }
  }

  private void housing(Context context) {
    long started = System.nanoTime();
    ScoredBatch scored = one(context, HOUSING, RequestBody.of(context), started);
    JsonResponses.ok(
        context,
        json -> {
          json.writeNumberField(
              "median_house_value", Math.round(scored.scores().at(0, 0) * DOLLARS));
          PredictRoutes.identity(json, scored.version());
          PredictRoutes.missing(json, scored.rows().missing());
        });
  }

  private ScoredBatch one(Context context, String model, byte[] body, long started) {
    ActiveVersions live = predictor.models().require(model);
    return predictor.score(
        live,
        context.header(PredictRoutes.USER_HEADER),
        RequestIds.of(context),
        started,
        version -> Body.read(body, parser -> row(parser, version)),
        row -> "the body");
  }

  private static Rows row(JsonParser parser, ServedVersion version) throws IOException {
    Rows rows = new Rows(version.encoder());
    Instances.one(parser, rows, "the body");
    return rows;
  }
}
