package io.millrace.core.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Valid events at the limits of every field of the contract, for the tests of every stage. The rule
 * that they check: what the contract accepts, each later stage stores, or counts and keeps with its
 * reason; no stage fails.
 *
 * <p>No two of them are the same event, and no two have a session, or a user and a product, in
 * common.
 */
public final class LimitEvents {
  private static final Instant USUAL_TIME = Instant.parse("2019-10-01T12:00:00Z");
  private static final int BTREE_ROW = 2_704; // the largest row of a PostgreSQL index
  private static final int LONG = 50_000;
  private static final long FIRST_ID = 1_000;

  private static final List<Instant> TIMES =
      List.of(
          Instant.parse("0001-01-01T00:00:00Z"),
          Instant.parse("0001-01-01T00:00:00.000001Z"),
          Instant.parse("0999-12-31T23:59:59.999999Z"),
          Instant.parse("1582-10-10T00:00:00Z"), // a day that the Gregorian calendar left out
          Instant.parse("1677-09-21T00:12:43Z"), // nanoseconds of a long begin here
          Instant.parse("1969-12-31T23:59:59.999999Z"),
          Instant.parse("1970-01-01T00:00:00Z"),
          Instant.parse("1970-01-01T00:00:00.001Z"),
          Instant.parse("1999-12-31T23:59:59.999999Z"),
          Instant.parse("2000-02-29T00:00:00Z"),
          Instant.parse("2024-12-30T23:59:59Z"), // week years differ
          Instant.parse("2262-04-11T23:47:17Z"), // and end here
          Instant.parse("9999-12-31T23:00:00Z"),
          Instant.parse("9999-12-31T23:59:59Z"),
          Instant.parse("9999-12-31T23:59:59.999999Z"));

  private static final List<Long> IDS =
      List.of(
          Long.MIN_VALUE,
          Long.MIN_VALUE + 1,
          -1L,
          0L,
          1L,
          (long) Integer.MAX_VALUE + 1,
          (1L << 53) + 1,
          Long.MAX_VALUE);

  private static final List<Double> PRICES =
      List.of(
          Double.MIN_VALUE,
          Double.MIN_NORMAL,
          1e-7,
          0.005,
          Math.nextDown(50.0),
          0.1 + 0.2,
          99_999_999.99,
          99_999_999.994999,
          99_999_999.995,
          1e8,
          9e15 + 1,
          1e22,
          1e300,
          Double.MAX_VALUE);

  private static final List<String> TEXTS =
      List.of(
          " ",
          "null",
          "NaN",
          ".",
          "a..b.",
          "a.b.c.d.e",
          "'; DROP TABLE dwh.fact_events; --",
          "{\"payload\":{}}",
          "%s %n \\ / \" ' | : , ; $1",
          "../../..",
          "line\nbreak\r\nand\ttab",
          "\u0001\u001F\u007F\u0085\u2028\u2029",
          "\u202Egnp.exe \u0645\u0631\u062D\u0628\u0627", // right to left
          "e\u0301\u0301\u0301 \uFEFF\uFFFD\uFFFF",
          "\uD83D\uDE00\uDBFF\uDFFF",
          "\u00FF".repeat(255),
          "\uD83D\uDE00".repeat(127),
          "x".repeat(255),
          "x".repeat(256),
          "x.".repeat(BTREE_ROW),
          "\u0001".repeat(LONG),
          "\uD83D\uDE00".repeat(LONG / 2));

  private LimitEvents() {}

  /** All of them; the first is an ordinary one. */
  public static List<Event> all() {
    List<Event> all = new ArrayList<>();
    add(all, List.of(EventType.values()), (type, usual) -> usual.with(type));
    add(all, TIMES, (time, usual) -> usual.with(time));
    add(all, IDS, (id, usual) -> usual.withIds(id, id, id));
    add(all, IDS, (id, usual) -> usual.withIds(id, 1, Long.MIN_VALUE + 2));
    add(all, PRICES, (price, usual) -> usual.with(price));
    List<@Nullable String> texts = new ArrayList<>(TEXTS);
    add(all, TEXTS, (text, usual) -> usual.withTexts(text, usual.brand, text + usual.session));
    texts.add(null);
    add(all, texts, (text, usual) -> usual.withTexts(text, text, usual.session));
    all.add(largest(all.size()));
    return List.copyOf(all);
  }

  /** An event whose raw message has exactly {@link EventReader#MAX_BYTES} bytes. */
  private static Event largest(int number) {
    Usual usual = new Usual(number);
    int rest = EventReader.MAX_BYTES - RawEnvelope.of(usual.withBrand("").event()).length;
    char[] brand = new char[rest];
    Arrays.fill(brand, 'b');
    return usual.withBrand(new String(brand)).event();
  }

  private static <T extends @Nullable Object> void add(
      List<Event> all, List<T> values, BiFunction<T, Usual, Usual> change) {
    for (T value : values) {
      all.add(change.apply(value, new Usual(all.size())).event());
    }
  }

  /** An ordinary event to change, with a session and, unless changed, a product of its own. */
  private record Usual(
      Instant time,
      EventType type,
      long product,
      long category,
      @Nullable String code,
      @Nullable String brand,
      double price,
      long user,
      String session) {

    Usual(int number) {
      this(
          USUAL_TIME,
          EventType.VIEW,
          FIRST_ID + number,
          7,
          "appliances.kitchen.hood",
          "acme",
          9.99,
          FIRST_ID + number,
          "limit-" + number);
    }

    Event event() {
      return new Event(time, type, product, category, code, brand, price, user, session);
    }

    Usual with(EventType newType) {
      return new Usual(time, newType, product, category, code, brand, price, user, session);
    }

    Usual with(Instant newTime) {
      return new Usual(newTime, type, product, category, code, brand, price, user, session);
    }

    Usual with(double newPrice) {
      return new Usual(time, type, product, category, code, brand, newPrice, user, session);
    }

    Usual withIds(long newProduct, long newCategory, long newUser) {
      return new Usual(time, type, newProduct, newCategory, code, brand, price, newUser, session);
    }

    Usual withBrand(String newBrand) {
      return withTexts(code, newBrand, session);
    }

    Usual withTexts(@Nullable String newCode, @Nullable String newBrand, String newSession) {
      return new Usual(time, type, product, category, newCode, newBrand, price, user, newSession);
    }
  }
}
