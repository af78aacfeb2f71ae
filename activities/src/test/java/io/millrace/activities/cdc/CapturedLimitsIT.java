package io.millrace.activities.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.events.Event;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.Verdict;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows at every limit reach the topic as the same events, by the snapshot and by the stream. */
class CapturedLimitsIT {
  private static final int PARTITIONS = 2;

  @Test
  void capturesEachRowAtTheLimitsAsItsEvent() throws Exception {
    try (LocalStack stack = LocalStack.forTests(Component.CONNECT)) {
      Endpoints.Cdc cdc = stack.endpoints().cdc();
      CaptureConfig config =
          new CaptureConfig(
              URI.create(cdc.connectUrl()),
              cdc.jdbcUrl(),
              cdc.user(),
              cdc.password(),
              cdc.connectToken());
      String servers = stack.endpoints().kafka().bootstrapServers();
      ChangeCapture capture = new ChangeCapture(config, servers);
      List<Event> events = LimitEvents.all();
      List<Event> expected = new ArrayList<>(write(config, events.subList(0, events.size() / 2)));

      capture.register(PARTITIONS);
      expected.addAll(write(config, events.subList(events.size() / 2, events.size())));

      try (CapturedEvents captured = new CapturedEvents(servers, PARTITIONS)) {
        await().untilAsserted(() -> assertThat(captured.all()).hasSize(expected.size()));
        assertThat(captured.all().stream().map(CapturedEvents.Captured::verdict).toList())
            .containsExactlyInAnyOrderElementsOf(
                expected.stream().<Verdict>map(Verdict.Valid::new).toList());
      }
      assertThat(capture.status().isRunning()).isTrue();
    }
  }

  /** Those that the table took. */
  private static List<Event> write(CaptureConfig config, List<Event> events) throws Exception {
    List<EventRow> rows = new ArrayList<>();
    for (Event event : events) {
      rows.add(EventRow.of(RawEnvelope.of(event)));
    }
    List<Event> taken = new ArrayList<>();
    try (EventsTable table = EventsTable.open(config)) {
      List<EventsTable.Written> outcomes = table.write(rows);
      for (int i = 0; i < events.size(); i++) {
        if (outcomes.get(i).outcome() == EventsTable.Outcome.INSERTED) {
          taken.add(events.get(i));
        }
      }
    }
    return taken;
  }
}
