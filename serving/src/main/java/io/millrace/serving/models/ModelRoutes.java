package io.millrace.serving.models;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.core.registry.Aliases;
import io.millrace.serving.http.JsonResponses;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the models that are served, and loads what the registry says. */
public final class ModelRoutes implements Routes {
  private final ModelStore store;
  private final ModelReloader reloader;

  public ModelRoutes(ModelStore store, ModelReloader reloader) {
    this.store = store;
    this.reloader = reloader;
  }

  @Override
  public void addTo(Javalin app) {
    app.get("/models", this::list, Role.PREDICT, Role.OPERATE);
    app.get("/models/{name}", this::show, Role.PREDICT, Role.OPERATE);
    app.post("/models/{name}/reload", this::reload, Role.OPERATE);
    app.get("/health", this::health, Role.OPEN);
    app.get(
        "/health/live",
        context -> JsonResponses.ok(context, json -> status(json, "alive")),
        Role.OPEN);
    app.get("/health/ready", this::ready, Role.OPEN);
    app.get(
        "/health/heartbeat",
        context -> JsonResponses.ok(context, json -> json.writeBooleanField("is_alive", true)),
        Role.OPEN);
  }

  private void list(Context context) {
    JsonResponses.ok(
        context,
        json -> {
          json.writeArrayFieldStart("models");
          for (ActiveVersions live : store.all()) {
            json.writeStartObject();
            ActiveVersionsJson.write(json, live);
            json.writeEndObject();
          }
          json.writeEndArray();
          withdrawn(json);
          failures(json);
        });
  }

  private void show(Context context) {
    ActiveVersionsJson.answer(context, store.require(context.pathParam("name")));
  }

  private void reload(Context context) {
    RegistryProblems.change(context, store::reload);
  }

  private void health(Context context) {
    JsonResponses.ok(
        context,
        json -> {
          status(json, store.names().isEmpty() ? "no model" : "ok");
          json.writeObjectFieldStart("models");
          for (ActiveVersions live : store.all()) {
            json.writeStringField(live.champion().model(), live.champion().version());
          }
          json.writeEndObject();
          failures(json);
        });
  }

  private void ready(Context context) {
    if (store.names().isEmpty()) {
      throw Problem.unavailable("No model is served: " + whyNone());
    }
    JsonResponses.ok(context, json -> status(json, "ready"));
  }

  private String whyNone() {
    String reasons =
        Stream.concat(
                store.withdrawn().stream().map(gone -> gone.model() + ": " + gone.reason()),
                reloader.failures().entrySet().stream()
                    .map(failure -> failure.getKey() + ": " + failure.getValue()))
            .collect(Collectors.joining("; "));
    return reasons.isEmpty()
        ? "none has a version with the alias '%s'; train one, or run millrace models promote"
            .formatted(Aliases.CHAMPION)
        : reasons;
  }

  private static void status(JsonGenerator json, String status) throws IOException {
    json.writeStringField("status", status);
  }

  private void failures(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("failures");
    for (Map.Entry<String, String> failure : reloader.failures().entrySet()) {
      json.writeStringField(failure.getKey(), failure.getValue());
    }
    json.writeEndObject();
  }

  /** What was served, and why it is not. */
  private void withdrawn(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("withdrawn");
    for (Withdrawal withdrawal : store.withdrawn()) {
      json.writeObjectFieldStart(withdrawal.model());
      json.writeStringField("version", withdrawal.version());
      json.writeStringField("gone", withdrawal.cause().word());
      json.writeStringField("reason", withdrawal.detail());
      json.writeStringField("at", withdrawal.at().toString());
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
