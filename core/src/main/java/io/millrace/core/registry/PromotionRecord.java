package io.millrace.core.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The audit record of one promotion: a tag of the version that became the champion, as JSON.
 *
 * @param by who decided
 * @param reason why
 * @param from the champion before; null if there was none
 * @param to the version that became the champion
 * @param kind what it was
 */
public record PromotionRecord(
    Instant at, String by, String reason, @Nullable String from, String to, Kind kind) {
  /** Tags whose keys begin so are audit records. */
  public static final String PREFIX = "millrace.promotion.";

  private static final JsonFactory JSON = new JsonFactory();

  /** Why a version became the champion. */
  public enum Kind {
    /** Its training promoted it: it passed the gate. */
    TRAINING,
    /** A person promoted it: it passed the gate. */
    PROMOTION,
    /** A person forced it past the gate. */
    FORCED,
    /** It served before. */
    ROLLBACK
  }

  /** The key of its tag, different for every millisecond. */
  String key() {
    return PREFIX + at.toEpochMilli();
  }

  /** The value of its tag. */
  String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("at", at.toString());
      json.writeStringField("by", by);
      json.writeStringField("reason", reason);
      json.writeStringField("from", from);
      json.writeStringField("to", to);
      json.writeStringField("kind", kind.name());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot be written", e);
    }
    return text.toString();
  }

  /** The records of a version, the oldest first. Tags that a person has damaged are left out. */
  public static List<PromotionRecord> of(ModelVersion version) {
    return version.tags().entrySet().stream()
        .filter(tag -> tag.getKey().startsWith(PREFIX))
        .flatMap(tag -> parse(tag.getValue()).stream())
        .sorted(Comparator.comparing(PromotionRecord::at))
        .toList();
  }

  private static Optional<PromotionRecord> parse(String text) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          fields.put(json.currentName(), json.getText());
        }
      }
      return Optional.of(
          new PromotionRecord(
              Instant.parse(field(fields, "at")),
              field(fields, "by"),
              field(fields, "reason"),
              fields.get("from"),
              field(fields, "to"),
              Kind.valueOf(field(fields, "kind"))));
    } catch (IOException
        | DateTimeException
        | IllegalArgumentException
        | NullPointerException damaged) {
      return Optional.empty();
    }
  }

  private static String field(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }
}
