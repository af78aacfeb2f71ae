package io.millrace.core.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.features.SessionActivity.Counted;
import io.millrace.core.features.SessionActivity.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OnlinePropertyTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  private static final List<String> TEXTS = Arrays.asList("a.b", "\"ü|\\", null);

  /** Few times, users and products, so that ties, duplicates and shared rows are common. */
  @Provide
  Arbitrary<List<Event>> sessions() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            Arbitraries.of(EventType.class),
            Arbitraries.longs().between(1, 3),
            Arbitraries.longs().between(1, 2))
        .as(OnlinePropertyTest::event)
        .list()
        .ofMaxSize(12);
  }

  /** The text follows from the identity: a copy with another text is another matter. */
  private static Event event(int second, EventType type, long product, long user) {
    String text = TEXTS.get((type.code().length() + (int) product) % TEXTS.size());
    return new Event(START.plusSeconds(second), type, product, 9, text, text, 0.1, user, "visit");
  }

  private static Map<String, String> apply(List<Map.Entry<String, String>> updates) {
    Map<String, String> store = new HashMap<>();
    updates.forEach(
        update -> {
          String merged = OnlineGuard.merge(store.get(update.getKey()), update.getValue());
          if (merged != null) {
            store.put(update.getKey(), merged);
          }
        });
    return store;
  }

  /** The newest row of each user and product, with final counts. */
  private static Map<String, String> expected(List<Event> session) {
    long[] counts = ActivityCount.of(session);
    Map<String, OnlineRow> rows = new HashMap<>();
    for (int i = 0; i < counts.length; i++) {
      Event event = session.get(i);
      rows.merge(
          new OnlineKey(event.userId(), event.productId()).text(),
          OnlineRow.of(event, counts[i]),
          (a, b) -> a.version().compareTo(b.version()) >= 0 ? a : b);
    }
    Map<String, String> texts = new HashMap<>();
    rows.forEach((key, row) -> texts.put(key, row.text()));
    return texts;
  }

  @Property
  void countingEventByEventEndsWhereCountingAllAtOnceDoes(@ForAll("sessions") List<Event> session) {
    SessionActivity activity = SessionActivity.empty();
    List<Map.Entry<String, String>> updates = new ArrayList<>();
    for (Event event : session) {
      SessionActivity.Change change = activity.add(Entry.of(event));
      if (change != null) {
        activity = change.session();
        String key = change.counted().entry().key().text();
        updates.add(Map.entry(key, OnlineRow.of(event, change.counted().activityCount()).text()));
        for (Counted other : change.recounted()) {
          updates.add(Map.entry(other.entry().key().text(), other.version().text()));
        }
      }
    }

    assertThat(apply(updates)).isEqualTo(expected(session));
  }

  @Property
  void rowsMayBeWrittenInAnyOrderAndAgain(
      @ForAll("sessions") List<Event> session, @ForAll Random random) {
    long[] counts = ActivityCount.of(session);
    List<Map.Entry<String, String>> updates = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      Event event = session.get(i);
      String key = new OnlineKey(event.userId(), event.productId()).text();
      for (long count = 1; count <= counts[i]; count++) {
        updates.add(Map.entry(key, OnlineRow.of(event, count).text()));
      }
    }
    updates.addAll(updates.stream().filter(update -> random.nextBoolean()).toList());
    Collections.shuffle(updates, random);

    assertThat(apply(updates)).isEqualTo(expected(session));
  }

  @Property
  void rowsAndKeysAreReadAsTheyWereWritten(
      @ForAll("sessions") List<Event> session, @ForAll long user, @ForAll long product) {
    for (Event event : session) {
      OnlineRow row = OnlineRow.of(event, 7);
      assertThat(OnlineRow.parse(row.text())).isEqualTo(row);
    }
    OnlineKey key = new OnlineKey(user, product);
    assertThat(OnlineKey.parse(key.text())).isEqualTo(key);
  }

  @Example
  void theLayoutIsTheDocumentedOne() {
    Event event = new Event(START, EventType.CART, 5, 1, "apparel.shoes", "nike", 60, 4, "visit");

    assertThat(new OnlineKey(4, 5).text()).isEqualTo("millrace:features:v1:4:5");
    assertThat(OnlineRow.of(event, 3).text())
        .matches("2019-10-01T00:00:00\\.000000Z\\|[0-9a-f]{16}\\|0000000003\\|\\{.*")
        .endsWith(
            "{\"user_session\":\"visit\",\"brand\":\"nike\",\"price\":60.0,\"event_weekday\":1,"
                + "\"category_code_level1\":\"apparel\",\"category_code_level2\":\"shoes\"}");
    assertThat(OnlineVersion.of(event, 3).text()).hasSize(OnlineVersion.LENGTH);
  }

  @Example
  void refusesWhatIsNoKeyAndNoRow() {
    assertThatThrownBy(() -> OnlineKey.parse("millrace:features:v1:x:5"))
        .hasMessageContaining("millrace:features:v1:x:5");
    assertThatThrownBy(() -> OnlineRow.parse("junk")).hasMessageContaining("junk");
  }
}
