package io.millrace.core.features;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.core.events.Event;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
      Fields fields = new Fields();
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        if (json.nextToken() != JsonToken.VALUE_NULL) {
          fields.read(name, json);
        }
        json.skipChildren();
      }
      return fields.row(version);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("Value is no row of features: " + value, e);
    }
  }

  /** The fields of a stored value, as far as they were read. */
  private static final class Fields {
    private @Nullable String userSession;
    private @Nullable String brand;
    private @Nullable String price;
    private @Nullable String weekday;
    private @Nullable String level1;
    private @Nullable String level2;

    void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "user_session" -> userSession = json.getText();
        case "brand" -> brand = json.getText();
        case "price" -> price = json.getText();
        case "event_weekday" -> weekday = json.getText();
        case "category_code_level1" -> level1 = json.getText();
        case "category_code_level2" -> level2 = json.getText();
        default -> {
          // A field that a newer release writes.
        }
      }
    }

    OnlineRow row(OnlineVersion version) {
      return new OnlineRow(
          version,
          required("user_session", userSession),
          new PurchaseFeatures(
              brand,
              Double.parseDouble(required("price", price)),
              Integer.parseInt(required("event_weekday", weekday)),
              level1,
              level2,
              version.activityCount()));
    }

    private static String required(String name, @Nullable String text) {
      if (text == null) {
        throw new IllegalArgumentException(name + " is missing");
      }
      return text;
    }
  }
}
