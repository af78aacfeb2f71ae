package io.millrace.activities.training;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.core.features.PurchaseFeatures;
import io.millrace.core.features.PurchaseLabel;
import java.time.Duration;
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

  static TrainingTable table(long seed, int events) {
    Map<String, List<Event>> sessions = new HashMap<>();
    Instant newest = START;
    List<Event> all = SyntheticEvents.stream(seed, events, START).toList();
    for (Event event : all) {
      sessions.computeIfAbsent(event.userSession(), s -> new ArrayList<>()).add(event);
      newest = event.eventTime().isAfter(newest) ? event.eventTime() : newest;
    }
    List<PurchaseRow> rows = new ArrayList<>();
    for (List<Event> session : sessions.values()) {
      addRows(session, newest, PurchaseLabel.HORIZON, rows);
    }
    return sorted(rows);
  }

  /** Rows in the order of a data set. */
  static TrainingTable sorted(List<PurchaseRow> rows) {
    rows.sort(
        Comparator.comparing(PurchaseRow::time)
            .thenComparing(PurchaseRow::session)
            .thenComparing(PurchaseRow::productId));
    return PurchaseRow.table(rows);
  }

  /** The rows of one session, as of an event that is the newest known. */
  static void addRows(
      List<Event> session, Instant newest, Duration horizon, List<PurchaseRow> rows) {
    Set<Long> inCart = new HashSet<>();
    for (Event event : session) {
      if (event.eventType() == EventType.CART
          && inCart.add(event.productId())
          && PurchaseLabel.isDecided(event, newest, horizon)) {
        PurchaseFeatures features =
            PurchaseFeatures.of(event, PurchaseLabel.activityCount(event, session));
        rows.add(
            new PurchaseRow(
                event.userSession(),
                event.productId(),
                event.eventTime(),
                features.brand(),
                features.price(),
                features.eventWeekday(),
                features.categoryCodeLevel1(),
                features.categoryCodeLevel2(),
                features.activityCount(),
                PurchaseLabel.isPurchased(event, session, horizon)));
      }
    }
  }
}
