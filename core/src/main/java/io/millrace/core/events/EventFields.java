package io.millrace.core.events;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private static final Map<EventField, Verdict> UNAVAILABLE =
      verdicts("Field %s is unavailable: it has Debezium's placeholder for an unknown value");

  private enum State {
    WRONG_TYPE,
    WRONG_VALUE,
    UNAVAILABLE,
    GOOD
  }

  private final UnavailableValue unavailable;

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

  EventFields(UnavailableValue unavailable) {
    this.unavailable = unavailable;
  }

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
      nothing(field);
    } else if (token == JsonToken.VALUE_STRING) {
      text(field, parser);
    } else if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      integer(field, parser.getLongValue());
    } else if (token.isNumeric() && field == EventField.PRICE) {
      decimal(field, parser.getDoubleValue());
    } else {
      parser.skipChildren();
      set(field, State.WRONG_TYPE);
    }
  }

  /** Takes a null. */
  void nothing(EventField field) {
    if (field == EventField.BRAND) {
      brand = null;
    } else if (field == EventField.CATEGORY_CODE) {
      categoryCode = null;
    }
    set(field, field.isNullable() ? State.GOOD : State.WRONG_TYPE);
  }

  /** Takes a number without fraction and exponent. */
  void integer(EventField field, long value) {
    switch (field) {
      case PRODUCT_ID -> productId = value;
      case CATEGORY_ID -> categoryId = value;
      case USER_ID -> userId = value;
      default -> {
        decimal(field, (double) value);
        return;
      }
    }
    set(field, State.GOOD);
  }

  /** Takes any other number; an infinite one is one that no double can hold. */
  void decimal(EventField field, double value) {
    if (field != EventField.PRICE || Double.isInfinite(value)) {
      set(field, State.WRONG_TYPE);
      return;
    }
    price = value;
    set(field, value > 0 ? State.GOOD : State.WRONG_VALUE);
  }

  /** Takes text that is printable ASCII. */
  void ascii(EventField field, byte[] source, int from, int to) {
    if (field == EventField.EVENT_TIME) {
      char[] text = new char[to - from];
      for (int i = from; i < to; i++) {
        text[i - from] = (char) source[i];
      }
      time(text, 0, text.length);
    } else {
      text(field, new String(source, from, to - from, StandardCharsets.ISO_8859_1));
    }
  }

  private void text(EventField field, JsonParser parser) throws IOException {
    if (field == EventField.EVENT_TIME) {
      time(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    } else {
      text(field, parser.getText());
    }
  }

  /**
   * An empty text is the same as null: CSV cannot tell them apart, and an event must be the same
   * whichever way it comes.
   */
  private void text(EventField field, String text) {
    if (text.isEmpty()) {
      nothing(field);
      return;
    }
    if (unavailable.is(text)) {
      set(field, State.UNAVAILABLE);
      return;
    }
    switch (field) {
      case EVENT_TYPE -> eventType(text);
      case CATEGORY_ID -> set(field, quotedId(text));
      case CATEGORY_CODE -> categoryCode = storable(field, text);
      case BRAND -> brand = storable(field, text);
      case USER_SESSION -> userSession = storable(field, text);
      default -> set(field, State.WRONG_TYPE);
    }
  }

  private void time(char[] text, int from, int length) {
    eventTimeMicros = EventTime.parseMicros(text, from, length);
    if (eventTimeMicros == EventTime.UNREADABLE) {
      boolean isUnavailable = unavailable.is(new String(text, from, length));
      set(EventField.EVENT_TIME, isUnavailable ? State.UNAVAILABLE : State.WRONG_TYPE);
      return;
    }
    if (length > timeText.length) {
      timeText = new char[length];
    }
    System.arraycopy(text, from, timeText, 0, length);
    timeLength = length;
    set(EventField.EVENT_TIME, State.GOOD);
  }

  /** The time of the event that was judged valid last, as its message has it. */
  String timeText() {
    return new String(timeText, 0, timeLength);
  }

  private void eventType(String text) {
    EventType type = EventType.of(text).orElse(null);
    if (type != null) {
      eventType = type;
    }
    set(EventField.EVENT_TYPE, type == null ? State.WRONG_VALUE : State.GOOD);
  }

  /** An integer in JSON's own grammar, in quotes: no plus sign, leading zero, blank or fraction. */
  private State quotedId(String text) {
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

  private String storable(EventField field, String text) {
    set(field, StorableText.isStorable(text) ? State.GOOD : State.WRONG_TYPE);
    return text;
  }

  private void set(EventField field, State state) {
    states.put(field, state);
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
      if (state == State.UNAVAILABLE) {
        return verdict(UNAVAILABLE, field);
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
