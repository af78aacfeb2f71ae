package io.millrace.activities.training;

import io.millrace.core.events.Event;
import io.millrace.core.models.PurchaseDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** Training rows as text, computed in plain Java and read from the warehouse. */
public final class TrainingRows {
  private TrainingRows() {}

  /** What the view must show of events, none of which lies in the future. */
  public static List<String> of(List<Event> events, Duration horizon) {
    Map<String, List<Event>> sessions = new HashMap<>();
    Instant newest = Instant.MIN;
    for (Event event : events) {
      sessions.computeIfAbsent(event.userSession(), s -> new ArrayList<>()).add(event);
      newest = event.eventTime().isAfter(newest) ? event.eventTime() : newest;
    }
    List<PurchaseRow> rows = new ArrayList<>();
    for (List<Event> session : sessions.values()) {
      SyntheticPurchases.addRows(session, newest, horizon, rows);
    }
    return text(SyntheticPurchases.sorted(rows));
  }

  /** What a training run with this horizon reads. */
  public static List<String> read(DataSource warehouse, Duration horizon) {
    return text(new TableReader(PurchaseDefinition.MODEL, warehouse).read(horizon, rows -> {}));
  }

  private static List<String> text(TrainingTable table) {
    return IntStream.range(0, table.size()).mapToObj(i -> table.row(i).toString()).toList();
  }
}
