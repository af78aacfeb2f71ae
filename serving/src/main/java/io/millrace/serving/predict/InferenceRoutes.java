package io.millrace.serving.predict;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.core.serving.Output;
import io.millrace.serving.http.JsonResponses;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.RequestBody;
import io.millrace.serving.http.RequestIds;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.PinnedVersions;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.ServedVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /inference}: one row as a list of values, by the version that is asked for, within
 * the time that is asked for.
 *
 * <pre>{@code
 * {"input_data": [5.1, 3.5, 1.4, 0.2], "model_version": "2", "retries": 3, "sla_seconds": 60}
 * 200 {"prediction": ["setosa"], "probabilities": [0.98, 0.01, 0.01], "model": "…",
 *      "version": "2", "alias": "pinned"}
 * }</pre>
 */
public final class InferenceRoutes implements Routes, AutoCloseable {
  private final Predictor predictor;
  private final PinnedVersions pinned;
  private final VersionLoading loading;
  private final String model;

  /** Serves one model, such as {@link NamedModelRoutes#IRIS}. */
  public InferenceRoutes(Predictor predictor, PinnedVersions pinned, String model) {
    this.predictor = predictor;
    this.pinned = pinned;
    this.loading = new VersionLoading(pinned);
    this.model = model;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/inference", this::infer, Role.PREDICT);
  }

  private void infer(Context context) {
    long started = System.nanoTime();
    byte[] body = RequestBody.of(context);
    InferenceRequest request = InferenceRequest.read(body);
    ActiveVersions live = predictor.models().require(model);
    ServedVersion version = version(live, request, started);
    ScoredBatch scored =
        predictor.score(
            version,
            RequestIds.of(context),
            started,
            InferenceRequest.data(body, version),
            row -> "input_data");
    if (System.nanoTime() - started > request.sla().toNanos()) {
      throw late(request.sla());
    }
    JsonResponses.ok(context, json -> write(json, scored));
  }

  private ServedVersion version(ActiveVersions live, InferenceRequest request, long started) {
    @Nullable String wanted = request.version();
    if (wanted == null) {
      return live.champion();
    }
    @Nullable ServedVersion known = pinned.find(live, wanted);
    return known != null
        ? known
        : loading.load(live, wanted, request.retries(), request.sla(), started);
  }

  static Problem late(Duration sla) {
    return new Problem(
        504,
        "Too late",
        "There was no answer within the %s s of sla_seconds".formatted(sla.toNanos() / 1e9));
  }

  private static void write(JsonGenerator json, ScoredBatch scored) throws IOException {
    List<String> labels = scored.version().schema().labels();
    Scores scores = scored.scores();
    json.writeArrayFieldStart("prediction");
    prediction(json, scores, labels);
    json.writeEndArray();
    probabilities(json, scores, labels.size());
    PredictRoutes.identity(json, scored.version());
    PredictRoutes.missing(json, scored.rows().missing());
  }

  /** The label of the class, or its number, or the values of a model that predicts no class. */
  private static void prediction(JsonGenerator json, Scores scores, List<String> labels)
      throws IOException {
    boolean classes =
        switch (scores.kind()) {
          case CLASS, CLASS_PROBABILITIES -> true;
          case PROBABILITY -> !labels.isEmpty();
          case VALUES -> false;
        };
    if (!classes) {
      for (int i = 0; i < scores.outputs(); i++) {
        json.writeNumber(scores.at(0, i));
      }
      return;
    }
    int best = scores.bestClass(0);
    if (best < labels.size()) {
      json.writeString(labels.get(best));
    } else {
      json.writeNumber(best);
    }
  }

  /** One for each class, in the order of the labels; nothing for a model that predicts a value. */
  private static void probabilities(JsonGenerator json, Scores scores, int labels)
      throws IOException {
    if (scores.kind() != Output.CLASS_PROBABILITIES
        && (scores.kind() != Output.PROBABILITY || labels == 0)) {
      return;
    }
    json.writeArrayFieldStart("probabilities");
    if (scores.outputs() == 1) {
      json.writeNumber(1 - scores.at(0, 0));
    }
    for (int i = 0; i < scores.outputs(); i++) {
      json.writeNumber(scores.at(0, i));
    }
    json.writeEndArray();
  }

  @Override
  public void close() {
    loading.close();
  }
}
