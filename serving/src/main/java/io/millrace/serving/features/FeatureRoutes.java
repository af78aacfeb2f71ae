package io.millrace.serving.features;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.millrace.core.events.EventTime;
import io.millrace.core.features.FeatureMoment;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.serving.http.AsyncResponses;
import io.millrace.serving.http.JsonResponses;
import io.millrace.serving.http.Limits;
import io.millrace.serving.http.Problem;
import io.millrace.serving.http.RequestBody;
import io.millrace.serving.http.RequestIds;
import io.millrace.serving.http.Role;
import io.millrace.serving.http.Routes;
import io.millrace.serving.models.ActiveVersions;
import io.millrace.serving.models.ModelStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Features by user and product, column by column; null where nothing is known.
 *
 * <ul>
 *   <li>{@code POST /features} with {@code {"user_id": 1, "product_id": 2}}, or {@code {"entities":
 *       […]}}: what is known now
 *   <li>{@code POST /features/historical} with a {@code timestamp} for each entity: what was known
 *       then
 *   <li>{@code GET /features/metadata}: what the features are
 * </ul>
 */
public final class FeatureRoutes implements Routes {
  private static final Logger log = LoggerFactory.getLogger(FeatureRoutes.class);

  private final OnlineFeatures online;
  private final @Nullable HistoricalFeatures historical;
  private final ModelStore models;
  private final Duration timeToLive;
  private final Limits limits;

  /**
   * Reads from the stores it is given.
   *
   * @param historical null if there is no warehouse
   * @param models whose inputs are told beside the features
   * @param timeToLive how long a row stays online after its last write
   */
  public FeatureRoutes(
      OnlineFeatures online,
      @Nullable HistoricalFeatures historical,
      ModelStore models,
      Duration timeToLive,
      Limits limits) {
    this.online = online;
    this.historical = historical;
    this.models = models;
    this.timeToLive = timeToLive;
    this.limits = limits;
  }

  @Override
  public void addTo(Javalin app) {
    app.post("/features", this::now, Role.PREDICT);
    app.post("/features/historical", this::then, Role.PREDICT);
    app.get("/features/metadata", this::metadata, Role.PREDICT);
  }

  private void now(Context context) {
    List<OnlineKey> keys = FeatureRequest.keys(RequestBody.of(context), limits.batch());
    AsyncResponses.answer(
        context,
        threads -> online.find(keys, threads),
        rows ->
            JsonResponses.ok(
                context,
                json -> {
                  ids(json, keys);
                  columns(json, rows);
                }));
  }

  private void then(Context context) {
    if (historical == null) {
      throw Problem.unavailable(
          "This server has no warehouse, and so no features of the past; POST /features has those"
              + " of now");
    }
    List<FeatureMoment> moments = FeatureRequest.moments(RequestBody.of(context), limits.batch());
    List<@Nullable OnlineRow> rows = find(historical, moments, RequestIds.of(context));
    JsonResponses.ok(
        context,
        json -> {
          ids(json, moments.stream().map(FeatureMoment::key).toList());
          column(json, "timestamp", moments.size(), i -> json.writeString(at(moments.get(i))));
          columns(json, rows);
        });
  }

  private static String at(FeatureMoment moment) {
    return moment.at().toString();
  }

  private static List<@Nullable OnlineRow> find(
      HistoricalFeatures historical, List<FeatureMoment> moments, String requestId) {
    try {
      return historical.find(moments);
    } catch (Problem e) {
      throw e;
    } catch (RuntimeException e) {
      // Its message is for whoever runs the server: it may name roles and tables.
      log.warn("the warehouse cannot be asked id={}", requestId, e);
      throw Problem.unavailable("The warehouse does not answer; the log has it under " + requestId);
    }
  }

  @FunctionalInterface
  private interface Cell {
    void write(int row) throws IOException;
  }

  private static void column(JsonGenerator json, String name, int rows, Cell cell)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i < rows; i++) {
      cell.write(i);
    }
    json.writeEndArray();
  }

  private static void ids(JsonGenerator json, List<OnlineKey> keys) throws IOException {
    column(json, "user_id", keys.size(), i -> json.writeNumber(keys.get(i).userId()));
    column(json, "product_id", keys.size(), i -> json.writeNumber(keys.get(i).productId()));
  }

  private static void columns(JsonGenerator json, List<@Nullable OnlineRow> rows)
      throws IOException {
    for (Feature feature : Feature.values()) {
      column(
          json,
          feature.column(),
          rows.size(),
          i -> {
            @Nullable OnlineRow row = rows.get(i);
            if (row == null) {
              json.writeNull();
            } else {
              feature.write(json, row.features());
            }
          });
    }
    column(
        json,
        "event_timestamp",
        rows.size(),
        i -> {
          @Nullable OnlineRow row = rows.get(i);
          json.writeString(row == null ? null : EventTime.formatIso(row.version().eventTime()));
        });
  }

  private void metadata(Context context) {
    JsonResponses.ok(
        context,
        json -> {
          json.writeArrayFieldStart("entities");
          for (String entity : List.of("user_id", "product_id")) {
            json.writeStartObject();
            json.writeStringField("name", entity);
            json.writeStringField("type", "int64");
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayFieldStart("features");
          for (Feature feature : Feature.values()) {
            write(json, feature);
          }
          json.writeEndArray();
          json.writeObjectFieldStart("event_timestamp");
          json.writeStringField("type", "timestamp");
          json.writeStringField("meaning", "time of the event that the row is of, UTC");
          json.writeEndObject();
          json.writeNumberField("ttl_seconds", timeToLive.toSeconds());
          json.writeStringField("key_layout", OnlineKey.PREFIX + "<user_id>:<product_id>");
          json.writeNumberField("batch_limit", limits.batch());
          json.writeBooleanField("historical", historical != null);
        });
  }

  private void write(JsonGenerator json, Feature feature) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", feature.column());
    json.writeStringField("type", feature.type());
    json.writeBooleanField("nullable", feature.isNullable());
    json.writeStringField("meaning", feature.meaning());
    json.writeArrayFieldStart("models");
    for (ActiveVersions live : models.all()) {
      if (live.champion().inputs().contains(feature.column())) {
        json.writeString(live.champion().model());
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
