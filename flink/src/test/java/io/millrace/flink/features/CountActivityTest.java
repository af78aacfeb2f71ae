package io.millrace.flink.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.CdcEnvelope;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.EventType;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.OnlineVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountActivityTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");
  private static final Duration TTL = Duration.ofHours(1);

  private KeyedOneInputStreamOperatorTestHarness<String, SessionEvent, OnlineUpdate> harness;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  static KeyedOneInputStreamOperatorTestHarness<String, SessionEvent, OnlineUpdate> harness()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new CountActivity(TTL)), SessionEvent::session, Types.STRING);
  }

  private static Event event(int second, long product) {
    return new Event(
        START.plusSeconds(second), EventType.VIEW, product, 1, "a.b", "x", 2.5, 7, "visit");
  }

  private void send(byte[] message) throws Exception {
    byte[] validated = OutputEnvelope.valid(message, START);
    harness.processElement(SessionEvent.read(new EventReader(), validated, START), 0);
  }

  private static OnlineUpdate row(Event event, long count) {
    return new OnlineUpdate(
        new OnlineKey(event.userId(), event.productId()).text(), OnlineRow.of(event, count).text());
  }

  private static OnlineUpdate recount(Event event, long count) {
    return new OnlineUpdate(
        new OnlineKey(event.userId(), event.productId()).text(),
        OnlineVersion.of(event, count).text());
  }

  @Test
  void countsUpWhenEventsComeInOrder() throws Exception {
    send(RawEnvelope.of(event(0, 1)));
    send(RawEnvelope.of(event(1, 2)));
    send(RawEnvelope.of(event(2, 1)));

    assertThat(harness.extractOutputValues())
        .containsExactly(row(event(0, 1), 1), row(event(1, 2), 2), row(event(2, 1), 3));
  }

  @Test
  void theSameEventThroughKafkaAndCdcIsOne() throws Exception {
    send(RawEnvelope.of(event(0, 1)));
    send(CdcEnvelope.of(event(0, 1)));
    send(RawEnvelope.of(event(0, 1)));

    assertThat(harness.extractOutputValues()).containsExactly(row(event(0, 1), 1));
    assertThat(ready()).hasSize(1);
  }

  @Test
  void aLateEventRaisesTheCountsOfThoseThatItPrecedes() throws Exception {
    send(RawEnvelope.of(event(5, 1)));
    send(RawEnvelope.of(event(9, 2)));
    send(RawEnvelope.of(event(3, 3)));
    send(RawEnvelope.of(event(5, 4)));

    assertThat(harness.extractOutputValues())
        .containsExactly(
            row(event(5, 1), 1),
            row(event(9, 2), 2),
            row(event(3, 3), 1),
            recount(event(9, 2), 3),
            recount(event(5, 1), 2),
            row(event(5, 4), 3),
            recount(event(9, 2), 4),
            recount(event(5, 1), 3));
  }

  @Test
  void goesOnCountingAfterARestore() throws Exception {
    send(RawEnvelope.of(event(0, 1)));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(snapshot);
    harness.open();

    send(RawEnvelope.of(event(0, 1)));
    send(RawEnvelope.of(event(1, 2)));

    assertThat(harness.extractOutputValues()).containsExactly(row(event(1, 2), 2));
  }

  @Test
  void forgetsASessionThatHasGoneQuiet() throws Exception {
    harness.setStateTtlProcessingTime(0);
    send(RawEnvelope.of(event(0, 1)));
    harness.setStateTtlProcessingTime(TTL.toMillis() + 1);
    send(RawEnvelope.of(event(1, 2)));

    assertThat(harness.extractOutputValues()).last().isEqualTo(row(event(1, 2), 1));
  }

  @Test
  void passesOverWhatIsNoEvent() {
    byte[] junk = "{}".getBytes(StandardCharsets.UTF_8);

    assertThat(SessionEvent.read(new EventReader(), junk, START)).isNull();
    assertThat(SessionEvent.read(new EventReader(), null, START)).isNull();
  }

  private List<ReadyMessage> ready() {
    return harness.getSideOutput(CountActivity.READY).stream()
        .map(element -> element.getValue())
        .toList();
  }
}
