package io.millrace.activities.training;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.core.features.PurchaseFeatures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows that the warehouse's view would show for a generated stream, computed in plain Java. */
public final class SyntheticPurchases {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private SyntheticPurchases() {}

  static PurchaseTable table(long seed, int events) {
    Map<String, List<Event>> sessions = new HashMap<>();
    SyntheticEvents.stream(seed, events, START)
        .forEach(e -> sessions.computeIfAbsent(e.userSession(), s -> new ArrayList<>()).add(e));
    List<PurchaseTable.Row> rows = new ArrayList<>();
    sessions.values().forEach(session -> addRows(session, rows));
    rows.sort(
        Comparator.comparing(PurchaseTable.Row::time)
            .thenComparing(PurchaseTable.Row::session)
            .thenComparing(PurchaseTable.Row::productId));
    return new PurchaseTable(rows);
  }

  private static void addRows(List<Event> session, List<PurchaseTable.Row> rows) {
    Set<Long> inCart = new HashSet<>();
    for (Event event : session) {
      if (event.eventType() == EventType.CART && inCart.add(event.productId())) {
        long seen = session.stream().filter(e -> !e.eventTime().isAfter(event.eventTime())).count();
        boolean bought =
            session.stream()
                .anyMatch(
                    e ->
                        e.eventType() == EventType.PURCHASE
                            && e.productId() == event.productId()
                            && e.eventTime().isAfter(event.eventTime()));
        PurchaseFeatures features = PurchaseFeatures.of(event, seen);
        rows.add(
            new PurchaseTable.Row(
                event.userSession(),
                event.productId(),
                event.eventTime(),
                features.brand(),
                features.price(),
                features.eventWeekday(),
                features.categoryCodeLevel1(),
                features.categoryCodeLevel2(),
                features.activityCount(),
                bought));
      }
    }
  }
}
