package io.millrace.core.sales;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.core.events.StorableText;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and judges messages of {@code sale_rossman_store}. Never throws, whatever the bytes.
 *
 * <p>Every field must be there. A number may stand in quotes, because producers differ; and {@code
 * dayofweek} must be the date's own, because a date that was replaced without it is a fault.
 */
public final class SaleReader {
  /** Longer messages are not looked into. */
  public static final int MAX_BYTES = 1 << 16;

  private static final int MAX_REASON = 1_000;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxStringLength(MAX_BYTES)
                  .maxNameLength(1_000)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // A message stands in an error's text in full or not at all: not at all.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** What the reader says about a message. */
  public sealed interface Verdict {}

  /** A sale that keeps all rules. */
  public record Valid(Sale sale) implements Verdict {}

  /** No sale; the reason names the field, its value and the rule. */
  public record Invalid(String reason) implements Verdict {
    /** Cuts and cleans the reason, which holds values of the message, so that it can be written. */
    public Invalid {
      reason = StorableText.of(reason, MAX_REASON);
    }
  }

  /** Says which rule is broken. */
  private static final class BrokenRule extends Exception {
    private static final long serialVersionUID = 1L;

    BrokenRule(String message) {
      super(message);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** Reads a message; null is a message without a value. */
  public Verdict read(byte @Nullable [] value) {
    if (value == null || value.length == 0) {
      return new Invalid("message is empty");
    }
    if (value.length > MAX_BYTES) {
      return new Invalid("message has %d bytes, at most %d".formatted(value.length, MAX_BYTES));
    }
    try (JsonParser parser = JSON.createParser(value)) {
      return new Valid(sale(fields(parser)));
    } catch (BrokenRule e) {
      return new Invalid(e.reason());
    } catch (JsonProcessingException e) {
      return new Invalid("message is not JSON: " + e.getOriginalMessage());
    } catch (IOException | RuntimeException e) {
      return new Invalid("message is not JSON: " + e.getClass().getSimpleName());
    }
  }

  private static Map<String, String> fields(JsonParser parser) throws IOException, BrokenRule {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new BrokenRule("message is not a JSON object");
    }
    Map<String, String> fields = new TreeMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        fields.put(name, parser.getText());
      } else {
        fields.remove(name);
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new BrokenRule("text after the end of the message");
    }
    return fields;
  }

  private static Sale sale(Map<String, String> fields) throws BrokenRule {
    Sale sale =
        new Sale(
            number(fields, "store", 1, Integer.MAX_VALUE),
            date(fields),
            number(fields, "sales", 0, Integer.MAX_VALUE),
            number(fields, "customers", 0, Integer.MAX_VALUE),
            number(fields, "open", 0, 1),
            number(fields, "promo", 0, 1),
            oneOf(fields, "stateholiday", List.of("0", "a", "b", "c")),
            oneOf(fields, "schoolholiday", List.of("0", "1")),
            text(fields, "productname"));
    int day = number(fields, "dayofweek", 1, 7);
    if (day != sale.dayOfWeek()) {
      throw new BrokenRule(
          "dayofweek is %d, but that of date %s is %d"
              .formatted(day, sale.date(), sale.dayOfWeek()));
    }
    return sale;
  }

  private static String text(Map<String, String> fields, String name) throws BrokenRule {
    String text = fields.get(name);
    if (text == null || text.isBlank()) {
      throw new BrokenRule(name + " is missing");
    }
    if (text.length() > Sale.MAX_NAME) {
      throw new BrokenRule(
          "%s must be text of at most %d characters, but has %d"
              .formatted(name, Sale.MAX_NAME, text.length()));
    }
    if (!StorableText.isStorable(text)) {
      throw new BrokenRule(
          "%s must be text without NUL and without half of a surrogate pair".formatted(name));
    }
    return text;
  }

  private static int number(Map<String, String> fields, String name, int min, int max)
      throws BrokenRule {
    String text = text(fields, name);
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below covers it.
    }
    throw new BrokenRule(
        "%s is %s, but must be a whole number from %d to %d".formatted(name, text, min, max));
  }

  private static LocalDate date(Map<String, String> fields) throws BrokenRule {
    String text = text(fields, "date");
    try {
      LocalDate date = LocalDate.parse(text);
      if (date.getYear() >= 1 && date.getYear() <= 9999) {
        return date;
      }
    } catch (DateTimeException e) {
      // The message below covers it.
    }
    throw new BrokenRule("date is %s, but must be a day such as 2015-07-31".formatted(text));
  }

  private static String oneOf(Map<String, String> fields, String name, List<String> allowed)
      throws BrokenRule {
    String text = text(fields, name);
    if (!allowed.contains(text)) {
      throw new BrokenRule(
          "%s is %s, but must be one of %s".formatted(name, text, String.join(", ", allowed)));
    }
    return text;
  }
}
