package io.millrace.activities.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.events.RawEnvelope;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of events holds each event at the limits as it is, or refuses it, and no other. */
class EventsTableIT {

  @Test
  void holdsOrRefusesEachEventAtTheLimits() throws Exception {
    try (LocalStack stack = LocalStack.forTests(Component.POSTGRES)) {
      Endpoints.Postgres at = stack.endpoints().postgres();
      CaptureConfig config =
          new CaptureConfig(
              URI.create("http://127.0.0.1:1"), at.jdbcUrl(), at.user(), at.password());
      List<Event> events = LimitEvents.all();
      List<EventRow> rows = new ArrayList<>();
      for (Event event : events) {
        rows.add(EventRow.of(RawEnvelope.of(event)));
      }

      List<EventsTable.Written> outcomes;
      try (EventsTable table = EventsTable.open(config)) {
        outcomes = table.write(rows);
      }

      for (int i = 0; i < events.size(); i++) {
        assertThat(outcomes.get(i).outcome())
            .as("event %d", i)
            .isEqualTo(
                fits(events.get(i)) ? EventsTable.Outcome.INSERTED : EventsTable.Outcome.REFUSED);
      }
      assertTimesAndPricesAreExact(at, events.stream().filter(EventsTableIT::fits).toList());
    }
  }

  /** Its texts are varchar(255), which counts code points. */
  private static boolean fits(Event event) {
    return length(event.userSession()) <= 255
        && length(event.brand()) <= 255
        && length(event.categoryCode()) <= 255;
  }

  private static int length(String text) {
    return text == null ? 0 : text.codePointCount(0, text.length());
  }

  private static void assertTimesAndPricesAreExact(Endpoints.Postgres at, List<Event> events)
      throws Exception {
    try (Connection connection =
            DriverManager.getConnection(at.jdbcUrl(), at.user(), at.password());
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT event_time, price FROM public.events ORDER BY id")) {
      for (Event event : events) {
        assertThat(found.next()).isTrue();
        assertThat(found.getObject(1, OffsetDateTime.class).toInstant())
            .isEqualTo(event.eventTime());
        assertThat(found.getDouble(2)).isEqualTo(event.price());
      }
      assertThat(found.next()).isFalse();
    }
  }
}
