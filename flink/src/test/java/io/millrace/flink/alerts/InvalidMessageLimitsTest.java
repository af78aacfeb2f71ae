package io.millrace.flink.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.AlertRules;
import io.millrace.core.alerts.InvalidEvent;
import io.millrace.flink.KafkaRecords;
import io.millrace.flink.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in the topic of invalid messages, the job goes on and writes its alert. */
class InvalidMessageLimitsTest {
  /** What Kafka takes of a topic with its default settings. */
  private static final int KAFKA_DEFAULT = 1 << 20;

  private KeyedOneInputStreamOperatorTestHarness<String, InvalidEvent, Alert> operator;

  @BeforeEach
  void open() throws Exception {
    operator =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new RaiseAlerts(AlertRules.STANDARD)),
            InvalidEvent::kind,
            Types.STRING);
    operator.open();
  }

  @AfterEach
  void close() throws Exception {
    operator.close();
  }

  static List<byte[]> messages() {
    String big = "x".repeat(3 << 20);
    return List.of(
        bytes("{\"error_type\":\"" + big + "\",\"error_message\":\"" + big + "\"}"),
        bytes("{\"error_type\":\"\\ud800\",\"error_message\":\"\\udc00 \\u0000\"}"),
        bytes("{\"error_type\":\"" + "a".repeat(254) + "\\ud83d\\ude00\"}"),
        bytes("{\"error_type\":\"SCHEMA\\u0001\",\"error_message\":" + "[".repeat(2_000)),
        bytes("{\"error_message\":\"" + "\u0001".repeat(1_000) + "\"}"),
        bytes("\uD83D\uDE00".repeat(300_000)),
        new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xFF});
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("messages")
  void raisesAnAlertThatCanBeWritten(byte[] message) throws Exception {
    ConsumerRecord<byte[], byte[]> record =
        KafkaRecords.of(Topics.INVALID, System.currentTimeMillis(), message);
    record.headers().add(Topics.SOURCE, bytes("s".repeat(2 << 20)));

    process(record);

    assertThat(operator.extractOutputValues()).hasSize(1);
    Alert alert = operator.extractOutputValues().get(0);
    ProducerRecord<byte[], byte[]> written = new WriteAlert().serialize(alert, null, null);
    assertThat(written.key().length + written.value().length).isLessThan(KAFKA_DEFAULT / 8);
    assertThat(Alert.parse(written.value())).contains(alert);
  }

  @Test
  void aRecordOfAnyTimeHoldsBackNoOther() throws Exception {
    byte[] first = bytes("{\"error_type\":\"A\"}");
    for (long time : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 253_402_300_799_999L}) {
      process(KafkaRecords.of(Topics.INVALID, time, first));
    }
    long cooldown = AlertRules.STANDARD.cooldown().toMillis();
    long later = System.currentTimeMillis() + cooldown;
    operator.processElement(new InvalidEvent("UNKNOWN", "A", "no", later, null), 0);

    List<Alert> alerts = operator.extractOutputValues();
    assertThat(alerts.get(0).timestamp()).isBeforeOrEqualTo(Instant.now());
    assertThat(alerts).last().extracting(Alert::timestamp).isEqualTo(Instant.ofEpochMilli(later));
  }

  private void process(ConsumerRecord<byte[], byte[]> record) throws Exception {
    List<InvalidEvent> events = new ArrayList<>();
    new ReadInvalidEvent().deserialize(record, new ListCollector<>(events));
    for (InvalidEvent event : events) {
      operator.processElement(event, 0);
    }
  }
}
