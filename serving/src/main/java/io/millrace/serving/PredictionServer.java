package io.millrace.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers predictions over HTTP with the version that an alias of a registered model points at.
 *
 * <pre>{@code
 * POST /models/purchase_prediction_model/predict
 * {"instances": [{"brand": "sony", "price": 129.5, "event_weekday": 2, "activity_count": 4}]}
 * 200 {"predictions": [0.41], "model": "purchase_prediction_model", "version": "3", "alias": "champion"}
 * }</pre>
 *
 * <p>A model is loaded at its first request and kept; {@code POST /models/{name}/reload} takes the
 * alias's present version. Feature names are checked; a feature that an instance leaves out is
 * scored as missing. Errors are problem+json; none shows a stack trace.
 */
public final class PredictionServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PredictionServer.class);
  private static final String ALIAS = "champion";
  private static final long MAX_BODY_BYTES = 8L << 20;

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, ServedModel> models = new ConcurrentHashMap<>();
  private final ModelSource source;
  private final Javalin app;

  public PredictionServer(ModelSource source) {
    this.source = source;
    this.app =
        Javalin.create(
                config -> {
                  config.showJavalinBanner = false;
                  config.http.maxRequestSize = MAX_BODY_BYTES;
                })
            .get("/health", context -> answer(context, 200, health()))
            .post("/models/{name}/predict", this::predict)
            .post("/models/{name}/reload", this::reload)
            .exception(Problem.class, this::explain)
            .exception(HttpResponseException.class, this::refuse)
            .exception(Exception.class, this::fail)
            .error(404, this::notFound);
  }

  /**
   * Starts to listen.
   *
   * @param host the address to bind, for example {@code 127.0.0.1}
   * @param port the port, or 0 for any free one
   * @return the port it listens on
   */
  public int start(String host, int port) {
    return app.start(host, port).port();
  }

  /** Ends after the requests in progress have been answered. */
  @Override
  public void close() {
    app.stop();
  }

  private Map<String, Object> health() {
    Map<String, String> versions = new LinkedHashMap<>();
    models.forEach((name, model) -> versions.put(name, model.version()));
    return Map.of("status", "ok", "models", versions);
  }

  private void predict(Context context) {
    ServedModel model = models.computeIfAbsent(context.pathParam("name"), this::load);
    PredictionRequest request = PredictionRequest.parse(context.bodyAsBytes(), model.features());
    List<Float> predictions = new ArrayList<>(request.instances().size());
    for (int i = 0; i < request.instances().size(); i++) {
      try {
        predictions.add(model.predict(request.instances().get(i)));
      } catch (IllegalArgumentException e) {
        throw new Problem(422, "Bad feature", "instances[%d]: %s".formatted(i, e.getMessage()));
      }
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("predictions", predictions);
    body.putAll(identity(model));
    answer(context, 200, body);
  }

  private void reload(Context context) {
    ServedModel model = load(context.pathParam("name"));
    models.put(model.name(), model);
    answer(context, 200, identity(model));
  }

  private ServedModel load(String name) {
    ServedModel model =
        source
            .load(name, ALIAS)
            .orElseThrow(
                () ->
                    new Problem(
                        404,
                        "No such model",
                        "No version of '%s' has the alias '%s'".formatted(name, ALIAS)));
    log.info("model loaded name={} version={} alias={}", name, model.version(), ALIAS);
    return model;
  }

  private static Map<String, Object> identity(ServedModel model) {
    Map<String, Object> identity = new LinkedHashMap<>();
    identity.put("model", model.name());
    identity.put("version", model.version());
    identity.put("alias", model.alias());
    return identity;
  }

  private void explain(Problem problem, Context context) {
    answer(context, problem.status(), problem.body());
  }

  /** What Javalin itself refuses: a body that is too long, a method that a path does not have. */
  private void refuse(HttpResponseException refusal, Context context) {
    String reason = String.valueOf(refusal.getMessage());
    explain(new Problem(refusal.getStatus(), reason, reason), context);
  }

  private void fail(Exception failure, Context context) {
    log.warn("request failed method={} path={}", context.method(), context.path(), failure);
    explain(
        new Problem(503, "Model unavailable", "The model could not be loaded; see the log"),
        context);
  }

  private void notFound(Context context) {
    if (context.res().getContentType() == null
        || !context.res().getContentType().startsWith("application/")) {
      explain(new Problem(404, "Not found", "No such path: " + context.path()), context);
    }
  }

  private void answer(Context context, int status, Map<String, Object> body) {
    try {
      String type = status < 400 ? "application/json" : "application/problem+json";
      context.status(status).contentType(type).result(json.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the answer as JSON", e);
    }
  }
}
