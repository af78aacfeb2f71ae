package io.millrace.serving.models;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import io.millrace.serving.http.JsonResponses;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What serves a model, as JSON. */
final class ActiveVersionsJson {
  private ActiveVersionsJson() {}

  static void answer(Context context, ActiveVersions live) {
    JsonResponses.ok(context, json -> write(json, live));
  }

  static void write(JsonGenerator json, ActiveVersions live) throws IOException {
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
