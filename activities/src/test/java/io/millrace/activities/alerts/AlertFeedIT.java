package io.millrace.activities.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.streaming.Topics;
import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.InvalidEvent;
import io.millrace.core.alerts.Severity;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class AlertFeedIT {
  private final List<Alert> sent = new ArrayList<>();

  @Test
  void showsTheNewestAndFollowsWhatIsCommitted() {
    try (LocalStack stack = LocalStack.forTests(Component.KAFKA)) {
      String kafka = stack.endpoints().kafka().bootstrapServers();
      try (AlertFeed none = AlertFeed.open(kafka, Severity.LOW)) {
        assertThat(none.isThere()).isFalse();
      }
      Topics.ensureExist(kafka, 3, List.of(Topics.ALERTS));
      try (KafkaProducer<byte[], byte[]> producer = producer(kafka);
          AlertFeed feed = AlertFeed.open(kafka, Severity.MEDIUM)) {
        assertThat(feed.newest(10)).isEmpty();
        producer.initTransactions();
        write(producer, true, "SCHEMA_VALIDATION_ERROR", "OTHER", "SCHEMA_VALIDATION_ERROR");
        write(producer, false, "NEVER_COMMITTED");

        assertThat(feed.newest(2)).containsExactlyElementsOf(sent.subList(1, 3));

        write(producer, true, "OTHER");
        List<Alert> followed = new ArrayList<>();
        feed.follow(followed::add, () -> !followed.isEmpty());
        assertThat(followed).containsExactlyElementsOf(sent.subList(3, 4));
        try (AlertFeed severe = AlertFeed.open(kafka, Severity.HIGH)) {
          assertThat(severe.newest(10)).containsExactly(sent.get(0), sent.get(2));
        }
      }
    }
  }

  private void write(KafkaProducer<byte[], byte[]> producer, boolean commit, String... types) {
    producer.beginTransaction();
    for (String type : types) {
      Alert alert =
          Alert.of(new InvalidEvent("raw", type, "message", 1_000L * sent.size(), null), 0);
      if (commit) {
        sent.add(alert);
      }
      var unused = producer.send(new ProducerRecord<>(Topics.ALERTS, alert.toJson()));
    }
    var unused =
        producer.send(
            new ProducerRecord<>(Topics.ALERTS, "no alert".getBytes(StandardCharsets.UTF_8)));
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka, "transactional.id", "alerts"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
