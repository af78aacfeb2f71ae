package io.millrace.core.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Messages that are wrong in a known way, made from a good event. */
public final class BadRows {

  /** What is wrong with a message. */
  public enum Kind {
    /** A value of another type than the contract's, such as a price in quotes. */
    WRONG_TYPE,
    /** One of the nine fields is not there. */
    MISSING_FIELD,
    /** A price of zero or less. */
    BAD_PRICE,
    /** An event type that is none of the four. */
    UNKNOWN_TYPE,
    /** JSON that breaks off in the middle. */
    BROKEN_JSON,
    /** No bytes at all. */
    EMPTY_MESSAGE;

    /** Whether {@link EventReader} finds it unreadable, rather than readable but invalid. */
    public boolean isUnreadable() {
      return this == BROKEN_JSON || this == EMPTY_MESSAGE;
    }
  }

  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final List<EventField> FIELDS = List.of(EventField.values());

  private BadRows() {}

  /** Picks one of the kinds, each as often as the others. */
  public static Kind pick(SplittableRandom random) {
    return KINDS.get(random.nextInt(KINDS.size()));
  }

  /**
   * Makes a bad message.
   *
   * @return bytes that {@link EventReader} never finds valid; empty for {@link Kind#EMPTY_MESSAGE}
   */
  public static byte[] of(Kind kind, Event event, SplittableRandom random) {
    return switch (kind) {
      case WRONG_TYPE -> wrongType(event, random);
      case MISSING_FIELD ->
          RawEnvelope.ofColumns(columns(event), FIELDS.get(random.nextInt(FIELDS.size())));
      case BAD_PRICE -> with(event, EventField.PRICE, random.nextBoolean() ? "-100" : "0.0");
      case UNKNOWN_TYPE -> with(event, EventField.EVENT_TYPE, "add_to_wishlist");
      case BROKEN_JSON -> {
        byte[] whole = RawEnvelope.of(event);
        yield Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
      }
      case EMPTY_MESSAGE -> new byte[0];
    };
  }

  private static byte[] wrongType(Event event, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> with(event, EventField.PRICE, "free");
      case 1 -> with(event, EventField.PRODUCT_ID, "unknown");
      case 2 -> with(event, EventField.EVENT_TIME, "yesterday");
      default -> with(event, EventField.USER_SESSION, null);
    };
  }

  private static byte[] with(Event event, EventField field, @Nullable String text) {
    List<@Nullable String> columns = columns(event);
    columns.set(FIELDS.indexOf(field), text);
    return RawEnvelope.ofColumns(columns);
  }

  private static List<@Nullable String> columns(Event event) {
    return new ArrayList<@Nullable String>(
        Arrays.asList(
            EventTime.format(event.eventTime()),
            event.eventType().code(),
            Long.toString(event.productId()),
            Long.toString(event.categoryId()),
            event.categoryCode(),
            event.brand(),
            Double.toString(event.price()),
            Long.toString(event.userId()),
            event.userSession()));
  }
}
