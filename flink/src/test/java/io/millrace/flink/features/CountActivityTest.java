package io.millrace.flink.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.CdcEnvelope;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.EventType;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.core.features.OnlineVersion;
import io.millrace.core.features.SessionActivity;
import io.millrace.flink.CountedMetrics;
import io.millrace.flink.KafkaConnectors;
import io.millrace.flink.KafkaRecords;
import io.millrace.flink.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CountActivityTest {
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");
  private static final Duration TTL = Duration.ofHours(1);

  private final CountedMetrics metrics = new CountedMetrics();
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
        new KeyedProcessOperator<>(new CountActivity(TTL)), SessionEvent::key, Types.STRING);
  }

  private static Event event(int second, long product) {
    return new Event(
        START.plusSeconds(second), EventType.VIEW, product, 1, "a.b", "x", 2.5, 7, "visit");
  }

  private void send(byte[] message) throws Exception {
    byte[] validated = OutputEnvelope.valid(message, START);
    harness.processElement(read(validated), 0);
  }

  private SessionEvent read(byte @Nullable [] validated) {
    ReadSessionEvent read = new ReadSessionEvent();
    read.open(KafkaRecords.context(metrics));
    List<SessionEvent> events = new ArrayList<>();
    read.deserialize(
        KafkaRecords.of(Topics.VALIDATED, START.toEpochMilli(), validated),
        new ListCollector<>(events));
    assertThat(events).hasSize(1);
    return events.get(0);
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
    assertThat(outputs(Topics.FEATURES_READY)).hasSize(1);
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
  void takesEveryEventAtTheLimits() throws Exception {
    List<Event> events = LimitEvents.all();
    for (Event limit : events) {
      send(RawEnvelope.of(limit));
    }

    assertThat(harness.extractOutputValues())
        .containsExactlyElementsOf(events.stream().map(limit -> row(limit, 1)).toList());
    assertThat(outputs(Topics.FEATURES_READY))
        .hasSameSizeAs(events)
        .allSatisfy(
            ready ->
                assertThat(ready.key().length + ready.value().length)
                    .isLessThan(KafkaConnectors.MAX_MESSAGE_BYTES / 2));
    assertThat(outputs(Topics.INVALID_FEATURES)).isEmpty();
  }

  @Test
  void keepsNoStateOfALongName() {
    Set<String> keys = new HashSet<>();
    for (Event limit : LimitEvents.all()) {
      String key = read(OutputEnvelope.valid(RawEnvelope.of(limit), START)).key();
      assertThat(key.length()).isLessThanOrEqualTo(255);
      assertThat(keys.add(key)).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("junk")
  void passesWhatIsNoEventOnWithItsReason(byte @Nullable [] junk, String reason) throws Exception {
    harness.processElement(read(junk), 0);
    send(RawEnvelope.of(event(0, 1)));

    assertThat(harness.extractOutputValues()).containsExactly(row(event(0, 1), 1));
    assertThat(outputs(Topics.INVALID_FEATURES))
        .singleElement()
        .satisfies(
            refused ->
                assertThat(new String(refused.value(), StandardCharsets.UTF_8))
                    .contains(reason)
                    .contains(
                        "\"metadata\":{\"topic\":\"tracking.user_behavior.validated\","
                            + "\"partition\":3,\"offset\":42"));
    assertThat(metrics.count("features.invalid")).isEqualTo(1);
  }

  static List<Arguments> junk() {
    byte[] long1 = new byte[EventReader.MAX_VALIDATED_BYTES + 1];
    return List.of(
        Arguments.of(null, "message is empty"),
        Arguments.of("{}".getBytes(StandardCharsets.UTF_8), "message has no payload"),
        Arguments.of("\"\\ud800\"".getBytes(StandardCharsets.UTF_8), "not a JSON object"),
        Arguments.of(
            "{\"payload\":{\"brand\":1}}".getBytes(StandardCharsets.UTF_8),
            "Field event_time is required"),
        Arguments.of(long1, "message has 1048833 bytes"));
  }

  @Test
  void aSessionThatIsFullTakesNoMoreAndHarmsNoOther() throws Exception {
    for (int i = 0; i < SessionActivity.MAX_EVENTS; i++) {
      send(RawEnvelope.of(event(i, i)));
    }
    send(RawEnvelope.of(event(0, 0)));
    send(RawEnvelope.of(event(-1, 77)));
    Event other = new Event(START, EventType.VIEW, 1, 1, "a.b", "x", 2.5, 7, "another");
    send(RawEnvelope.of(other));

    assertThat(harness.extractOutputValues())
        .hasSize(SessionActivity.MAX_EVENTS + 1)
        .last()
        .isEqualTo(row(other, 1));
    assertThat(outputs(Topics.INVALID_FEATURES))
        .singleElement()
        .satisfies(
            refused ->
                assertThat(new String(refused.value(), StandardCharsets.UTF_8))
                    .contains("The session has 10000 events", "\\\"product_id\\\":77"));
  }

  private List<FeatureOutput> outputs(String topic) {
    Queue<StreamRecord<FeatureOutput>> all = harness.getSideOutput(FeatureOutput.TAG);
    return all == null
        ? List.of()
        : all.stream()
            .map(StreamRecord::getValue)
            .filter(output -> output.topic().equals(topic))
            .toList();
  }
}
