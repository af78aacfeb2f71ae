package io.millrace.core.events;

import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Events as strange as the contract allows. */
final class EventArbitraries {
  private static final long FIRST_MICRO = -62_135_596_800_000_000L;
  private static final long LAST_MICRO = 253_402_300_799_999_999L;

  private EventArbitraries() {}

  static Arbitrary<Event> events() {
    Arbitrary<Instant> times =
        Arbitraries.longs().between(FIRST_MICRO, LAST_MICRO).map(EventTime::ofEpochMicros);
    Arbitrary<Instant> seconds =
        Arbitraries.longs().between(0, 4_000_000_000L).map(Instant::ofEpochSecond);
    Arbitrary<Double> prices =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 1_000_000_000).map(cents -> cents / 100.0),
            Arbitraries.doubles().greaterThan(0).lessOrEqual(Double.MAX_VALUE),
            Arbitraries.of(Double.MIN_VALUE, Double.MAX_VALUE, 1e15, 0.1, 2.0e-3, 1e22));
    return Combinators.combine(
            Arbitraries.oneOf(times, seconds),
            Arbitraries.of(EventType.class),
            Arbitraries.longs(),
            Arbitraries.longs(),
            values().injectNull(0.3),
            values().injectNull(0.3),
            prices,
            Arbitraries.longs())
        .flatAs(
            (time, type, product, category, code, brand, price, user) ->
                values()
                    .map(
                        session ->
                            new Event(
                                time, type, product, category, code, brand, price, user, session)));
  }

  /** Any text that is a value: an empty one is the same as null. */
  private static Arbitrary<String> values() {
    return texts().filter(text -> !text.isEmpty());
  }

  /** Any text that PostgreSQL can store. */
  static Arbitrary<String> texts() {
    Arbitrary<Integer> codePoints =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 0x7F),
            Arbitraries.integers().between(0x80, 0xD7FF),
            Arbitraries.integers().between(0xE000, 0x10FFFF),
            Arbitraries.of((int) '"', (int) '\\', (int) '/', 0x2028, 0xFFFD, 0xFEFF));
    return codePoints
        .list()
        .ofMaxSize(20)
        .map(
            points -> {
              StringBuilder text = new StringBuilder();
              points.forEach(text::appendCodePoint);
              return text.toString();
            });
  }
}
