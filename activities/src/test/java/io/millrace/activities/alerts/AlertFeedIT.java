package io.millrace.activities.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.activities.streaming.Topics;
import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.InvalidEvent;
import io.millrace.core.alerts.Severity;
import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.Notifier;
import io.millrace.engine.notify.NotifyException;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class AlertFeedIT {
  private final List<Alert> sent = new ArrayList<>();

  @Test
  void showsTheNewestFollowsWhatIsCommittedAndTellsPeople() {
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
        tellsPeopleOnceAlsoWhatCameWhileNobodyRead(kafka, producer);
      }
    }
  }

  private void tellsPeopleOnceAlsoWhatCameWhileNobodyRead(
      String kafka, KafkaProducer<byte[], byte[]> producer) {
    List<Notification> told = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger tries = new AtomicInteger();
    Notifier flaky =
        notification -> {
          if (tries.getAndIncrement() == 0) {
            throw NotifyException.passing("the first try fails", null);
          }
          told.add(notification);
        };
    try (AlertDelivery delivery = AlertDelivery.start(kafka, Severity.HIGH, flaky)) {
      assertThat(delivery).isNotNull();
      // It begins with what comes after it was given its partitions.
      await()
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                write(producer, true, "SCHEMA_EARLY", "OTHER");
                return !told.isEmpty();
              });
    }
    told.clear();
    write(producer, true, "SCHEMA_LATE");
    try (AlertDelivery delivery = AlertDelivery.start(kafka, Severity.HIGH, flaky)) {
      assertThat(delivery).isNotNull();
      await().until(() -> types(told).contains("SCHEMA_LATE"));
    }
    assertThat(types(told)).containsOnlyOnce("SCHEMA_LATE").doesNotContain("OTHER");
    assertThat(told.get(told.size() - 1))
        .satisfies(last -> assertThat(last.level()).isEqualTo(Notification.Level.ERROR))
        .satisfies(last -> assertThat(last.title()).isEqualTo("Invalid messages in raw"));
  }

  private static List<String> types(List<Notification> told) {
    synchronized (told) {
      return told.stream().map(one -> String.valueOf(one.fields().get("error type"))).toList();
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
