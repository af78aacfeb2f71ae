package io.millrace.core.features;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.events.Event;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the online store knows of a user and a product: the features of their newest event.
 *
 * <p>The stored value is the {@link OnlineVersion}, a bar and a JSON object: {@code
 * 2019-10-01T00:00:00.000000Z|9f86d081884c7d65|0000000003|{"user_session":"…","brand":"nike",
 * "price":60.0,"event_weekday":1,"category_code_level1":"apparel","category_code_level2":"shoes"}}.
 * The count stands in the version alone, at a fixed place, so that it can be raised there without
 * the rest.
 *
 * @param version how new the row is
 * @param userSession session of the event
 * @param features the model's features at the event's time
 */
public record OnlineRow(OnlineVersion version, String userSession, PurchaseFeatures features) {
  private static final JsonFactory JSON = new JsonFactory();

  /** The row of an event and its session's count at that time. */
  public static OnlineRow of(Event event, long activityCount) {
    return new OnlineRow(
        OnlineVersion.of(event, activityCount),
        event.userSession(),
        PurchaseFeatures.of(event, activityCount));
  }

  /** The stored value. */
  public String text() {
    return version.text() + '|' + body(userSession, features);
  }

  /** What stands behind the version, which does not depend on the count. */
  public static String body(String userSession, PurchaseFeatures features) {
    StringWriter text = new StringWriter(192);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("user_session", userSession);
      json.writeStringField("brand", features.brand());
      json.writeNumberField("price", features.price());
      json.writeNumberField("event_weekday", features.eventWeekday());
      json.writeStringField("category_code_level1", features.categoryCodeLevel1());
      json.writeStringField("category_code_level2", features.categoryCodeLevel2());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A string cannot be written to", e);
    }
    return text.toString();
  }

  /**
   * Reads a stored value. Fields that it does not know are passed over.
   *
   * @throws IllegalArgumentException if it is no value of ours
   */
  public static OnlineRow parse(String value) {
    OnlineVersion version = OnlineVersion.parse(value);
    try (JsonParser json = JSON.createParser(value.substring(OnlineVersion.LENGTH + 1))) {
      Map<String, String> texts = new HashMap<>();
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        if (json.nextToken() != JsonToken.VALUE_NULL) {
          texts.put(name, json.getText());
        }
        json.skipChildren();
      }
      return of(version, texts);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("Value is no row of features: " + value, e);
    }
  }

  private static OnlineRow of(OnlineVersion version, Map<String, String> texts) {
    return new OnlineRow(
        version,
        required(texts, "user_session"),
        new PurchaseFeatures(
            texts.get("brand"),
            Double.parseDouble(required(texts, "price")),
            Integer.parseInt(required(texts, "event_weekday")),
            texts.get("category_code_level1"),
            texts.get("category_code_level2"),
            version.activityCount()));
  }

  private static String required(Map<String, String> texts, String name) {
    @Nullable String text = texts.get(name);
    if (text == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return text;
  }
}
