package io.millrace.core.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of the message that is being read, and their judgement. Reused for the next one. */
final class EventFields {
  private static final EventField[] FIELDS = EventField.values();
  private static final Verdict BAD_PRICE = new Verdict.Invalid("Price should be greater than 0");
  private static final Verdict BAD_EVENT_TYPE =
      new Verdict.Invalid("Event type should be one of: view, cart, purchase, remove_from_cart");
  private static final Map<EventField, Verdict> REQUIRED = verdicts("Field %s is required");
  private static final Map<EventField, Verdict> WRONG_TYPE = verdicts("Field %s has invalid type");

  private enum State {
    WRONG_TYPE,
    WRONG_VALUE,
    GOOD
  }

  /** Holds no entry for a field that is absent. */
  private final EnumMap<EventField, State> states = new EnumMap<>(EventField.class);

  private char[] timeText = new char[32];
  private int timeLength;
  private long eventTimeMicros;
  private EventType eventType = EventType.VIEW;
  private long productId;
  private long categoryId;
  private @Nullable String categoryCode;
  private @Nullable String brand;
  private double price;
  private long userId;
  private String userSession = "";

  void clear() {
    states.clear();
  }

  boolean isEmpty() {
    return states.isEmpty();
  }

  /** Takes the value that the parser stands on, if the key is one of the contract's. */
  void read(String key, JsonToken token, JsonParser parser) throws IOException {
    EventField field = EventField.named(key);
    if (field == null) {
      parser.skipChildren();
    } else if (token == JsonToken.VALUE_NULL) {
      states.put(field, readNull(field));
    } else if (token.isStructStart()) {
      parser.skipChildren();
      states.put(field, State.WRONG_TYPE);
    } else {
      states.put(field, readScalar(field, token, parser));
    }
  }

  private State readNull(EventField field) {
    if (!field.isNullable()) {
      return State.WRONG_TYPE;
    }
    if (field == EventField.BRAND) {
      brand = null;
    } else {
      categoryCode = null;
    }
    return State.GOOD;
  }

  private State readScalar(EventField field, JsonToken token, JsonParser parser)
      throws IOException {
    boolean text = token == JsonToken.VALUE_STRING;
    boolean integer =
        token == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    return switch (field) {
      case EVENT_TIME -> text ? readTime(parser) : State.WRONG_TYPE;
      case EVENT_TYPE -> text ? readEventType(parser) : State.WRONG_TYPE;
      case PRODUCT_ID -> {
        productId = integer ? parser.getLongValue() : 0;
        yield integer ? State.GOOD : State.WRONG_TYPE;
      }
      case USER_ID -> {
        userId = integer ? parser.getLongValue() : 0;
        yield integer ? State.GOOD : State.WRONG_TYPE;
      }
      case CATEGORY_ID -> {
        categoryId = integer ? parser.getLongValue() : 0;
        yield integer ? State.GOOD : text ? readQuotedId(parser) : State.WRONG_TYPE;
      }
      case PRICE -> token.isNumeric() ? readPrice(parser) : State.WRONG_TYPE;
      case CATEGORY_CODE, BRAND, USER_SESSION -> text ? readText(field, parser) : State.WRONG_TYPE;
    };
  }

  private State readTime(JsonParser parser) throws IOException {
    char[] text = parser.getTextCharacters();
    int length = parser.getTextLength();
    eventTimeMicros = EventTime.parseMicros(text, parser.getTextOffset(), length);
    if (eventTimeMicros == EventTime.UNREADABLE) {
      return State.WRONG_TYPE;
    }
    if (length > timeText.length) {
      timeText = new char[length];
    }
    System.arraycopy(text, parser.getTextOffset(), timeText, 0, length);
    timeLength = length;
    return State.GOOD;
  }

  /** The time of the event that was judged valid last, as its message has it. */
  String timeText() {
    return new String(timeText, 0, timeLength);
  }

  private State readEventType(JsonParser parser) throws IOException {
    EventType type = EventType.of(parser.getText()).orElse(null);
    if (type == null) {
      return State.WRONG_VALUE;
    }
    eventType = type;
    return State.GOOD;
  }

  /** An integer in JSON's own grammar, in quotes: no plus sign, leading zero, blank or fraction. */
  private State readQuotedId(JsonParser parser) throws IOException {
    String text = parser.getText();
    int first = text.startsWith("-") ? 1 : 0;
    int digits = text.length() - first;
    if (digits < 1 || digits > 19 || (digits > 1 && text.charAt(first) == '0')) {
      return State.WRONG_TYPE;
    }
    for (int i = first; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return State.WRONG_TYPE;
      }
    }
    try {
      categoryId = Long.parseLong(text);
      return State.GOOD;
    } catch (NumberFormatException e) {
      return State.WRONG_TYPE; // 19 digits can be too many
    }
  }

  private State readPrice(JsonParser parser) throws IOException {
    price = parser.getDoubleValue();
    if (Double.isInfinite(price)) {
      return State.WRONG_TYPE; // a number that no double can hold
    }
    return price > 0 ? State.GOOD : State.WRONG_VALUE;
  }

  private State readText(EventField field, JsonParser parser) throws IOException {
    String text = parser.getText();
    if (!isStorable(text)) {
      return State.WRONG_TYPE;
    }
    switch (field) {
      case CATEGORY_CODE -> categoryCode = text;
      case BRAND -> brand = text;
      default -> userSession = text;
    }
    return State.GOOD;
  }

  /** Whether PostgreSQL can store the text: no NUL character, no half of a surrogate pair. */
  private static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == 0) {
        return false;
      }
      if (Character.isSurrogate(character)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(character, text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The event, or the first broken rule in contract order. */
  Verdict judge() {
    for (EventField field : FIELDS) {
      State state = states.get(field);
      if (state == null) {
        return verdict(REQUIRED, field);
      }
      if (state == State.WRONG_TYPE) {
        return verdict(WRONG_TYPE, field);
      }
      if (state == State.WRONG_VALUE) {
        return field == EventField.PRICE ? BAD_PRICE : BAD_EVENT_TYPE;
      }
    }
    return new Verdict.Valid(
        new Event(
            EventTime.ofEpochMicros(eventTimeMicros),
            eventType,
            productId,
            categoryId,
            categoryCode,
            brand,
            price,
            userId,
            userSession));
  }

  private static Verdict verdict(Map<EventField, Verdict> verdicts, EventField field) {
    return requireNonNull(verdicts.get(field), "No verdict for a field");
  }

  private static Map<EventField, Verdict> verdicts(String format) {
    EnumMap<EventField, Verdict> verdicts = new EnumMap<>(EventField.class);
    for (EventField field : FIELDS) {
      verdicts.put(field, new Verdict.Invalid(String.format(format, field.fieldName())));
    }
    return verdicts;
  }
}
