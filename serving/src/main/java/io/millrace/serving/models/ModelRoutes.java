package io.millrace.serving.models;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.core.serving.PrintableText;
import io.millrace.serving.http.Answers;
import io.millrace.serving.http.Body;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.RequestBody;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looking at the models that are served, and changing what serves. */
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
    app.post("/models/{name}/rollback", this::rollBack, Role.OPERATE);
    app.post("/models/{name}/promote", this::promote, Role.OPERATE);
    app.put("/models/{name}/canary", this::shareCanary, Role.OPERATE);
    app.get("/health", this::health, Role.OPEN);
    app.get(
        "/health/live", context -> Answers.ok(context, json -> status(json, "alive")), Role.OPEN);
    app.get("/health/ready", this::ready, Role.OPEN);
    app.get(
        "/health/heartbeat",
        context -> Answers.ok(context, json -> json.writeBooleanField("is_alive", true)),
        Role.OPEN);
  }

  private void list(Context context) {
    Answers.ok(
        context,
        json -> {
          json.writeArrayFieldStart("models");
          for (Live live : store.all()) {
            json.writeStartObject();
            write(json, live);
            json.writeEndObject();
          }
          json.writeEndArray();
          withdrawn(json);
          failures(json);
        });
  }

  private void show(Context context) {
    answer(context, store.require(context.pathParam("name")));
  }

  private void reload(Context context) {
    change(context, store::reload);
  }

  /** {@code {"version": "8"}}. */
  private void promote(Context context) {
    String version =
        Body.read(RequestBody.of(context), parser -> Body.onlyField(parser, "version", Body::text));
    change(context, name -> store.promote(name, version));
  }

  /** {@code {"share": 0.2}}. */
  private void shareCanary(Context context) {
    double share =
        Body.read(RequestBody.of(context), parser -> Body.onlyField(parser, "share", Body::number));
    if (!Rollout.isShare(share)) {
      throw Problem.invalid("share", "must be 0 to 1, but is " + share);
    }
    change(context, name -> store.shareCanary(name, share));
  }

  private static void change(Context context, Function<String, Live> change) {
    try {
      answer(context, change.apply(context.pathParam("name")));
    } catch (NotRegisteredException e) {
      throw Problem.notFound(PrintableText.reason(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new Problem(409, "Version refused", PrintableText.reason(e.getMessage()));
    } catch (RegistryAwayException e) {
      throw Problem.unavailable(
          "The model registry cannot be asked: " + PrintableText.reason(e.getMessage()));
    }
  }

  private void rollBack(Context context) {
    Live now = store.require(context.pathParam("name"));
    if (now.previous() == null) {
      throw new Problem(
          409,
          "Nothing to go back to",
          "Version %s of '%s' is the first that this replica serves; move the alias instead"
              .formatted(now.champion().version(), now.champion().model()));
    }
    change(context, store::rollBack);
  }

  private void health(Context context) {
    Answers.ok(
        context,
        json -> {
          status(json, store.names().isEmpty() ? "no model" : "ok");
          json.writeObjectFieldStart("models");
          for (Live live : store.all()) {
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
    Answers.ok(context, json -> status(json, "ready"));
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
            .formatted(Rollout.CHAMPION)
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

  private static void answer(Context context, Live live) {
    Answers.ok(context, json -> write(json, live));
  }

  private static void write(JsonGenerator json, Live live) throws IOException {
    json.writeStringField("model", live.champion().model());
    json.writeStringField("version", live.champion().version());
    json.writeStringField("alias", live.champion().alias());
    json.writeStringField("since", live.since().toString());
    json.writeArrayFieldStart("inputs");
    for (String input : live.champion().inputs()) {
      json.writeString(input);
    }
    json.writeEndArray();
    version(json, "previous", live.previous());
    version(json, "canary", live.canary());
    json.writeNumberField("canary_share", live.canaryShare());
    version(json, "shadow", live.shadow());
    json.writeObjectFieldStart("refused");
    for (Map.Entry<String, String> refused : live.refused().entrySet()) {
      json.writeStringField(refused.getKey(), refused.getValue());
    }
    json.writeEndObject();
    @Nullable Gone gone = live.gone();
    if (gone != null) {
      json.writeObjectFieldStart("gone");
      json.writeStringField("gone", gone.cause().word());
      json.writeStringField("reason", gone.detail());
      json.writeStringField("since", gone.since().toString());
      json.writeStringField("served_until", gone.until().toString());
      json.writeEndObject();
    }
  }

  private static void version(JsonGenerator json, String field, @Nullable ServedVersion version)
      throws IOException {
    json.writeStringField(field, version == null ? null : version.version());
  }
}
