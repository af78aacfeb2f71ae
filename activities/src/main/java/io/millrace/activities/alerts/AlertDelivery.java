package io.millrace.activities.alerts;

import io.millrace.activities.streaming.Topics;
import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.Severity;
import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.Notification.Level;
import io.millrace.engine.notify.Notifier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people of the streams' committed alerts. All workers are one consumer group, so that an
 * alert is told of once; after a killed worker perhaps twice. The first worker ever begins with
 * what comes next.
 *
 * <p>An alert that cannot be delivered in three tries is logged and passed over: a mail server that
 * is down must not hold up the next alert.
 */
public final class AlertDelivery implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(AlertDelivery.class);
  private static final String GROUP = "millrace-alerts";
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int MAX_AT_ONCE = 50;
  private static final int TRIES = 3;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LONG_PAUSE = Duration.ofSeconds(30);

  private final String bootstrapServers;
  private final Severity least;
  private final Notifier notifier;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "alerts");

  private AlertDelivery(String bootstrapServers, Severity least, Notifier notifier) {
    this.bootstrapServers = bootstrapServers;
    this.least = least;
    this.notifier = notifier;
    thread.setDaemon(true);
  }

  /**
   * Starts to read.
   *
   * @param least severity from which alerts are told of
   */
  public static AlertDelivery start(String bootstrapServers, Severity least, Notifier notifier) {
    AlertDelivery delivery = new AlertDelivery(bootstrapServers, least, notifier);
    delivery.thread.start();
    return delivery;
  }

  private void run() {
    while (!isStopped()) {
      try {
        read();
      } catch (KafkaException e) {
        if (!isStopped()) {
          logger.warn("Alerts are not read ({}); trying again in {}", e.getMessage(), LONG_PAUSE);
          pause(LONG_PAUSE);
        }
      }
    }
  }

  private void read() {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      consumer.subscribe(List.of(Topics.ALERTS));
      while (!isStopped()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
          Alert.parse(record.value())
              .filter(alert -> alert.severity().compareTo(least) >= 0)
              .ifPresent(this::deliver);
        }
        if (!records.isEmpty()) {
          consumer.commitSync();
        }
      }
    }
  }

  private void deliver(Alert alert) {
    for (int attempt = 1; attempt <= TRIES && !isStopped(); attempt++) {
      try {
        notifier.send(notification(alert));
        return;
      } catch (RuntimeException e) {
        logger.warn(
            "Alert {} of {} could not be delivered in try {} of {}: {}",
            alert.errorMessage(),
            alert.source(),
            attempt,
            TRIES,
            e.getMessage());
        pause(PAUSE);
      }
    }
  }

  /** What people are told. */
  static Notification notification(Alert alert) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("source", alert.source());
    fields.put("error type", alert.errorType());
    fields.put("messages", Long.toString(alert.count()));
    if (alert.kind() == Alert.Kind.RATE) {
      fields.put("usual in a window", String.format(Locale.ROOT, "%.1f", alert.baseline()));
    }
    return new Notification(
        alert.severity() == Severity.HIGH ? Level.ERROR : Level.WARNING,
        alert.kind() == Alert.Kind.RATE
            ? "More invalid messages than usual in " + alert.source()
            : "Invalid messages in " + alert.source(),
        alert.errorMessage(),
        fields,
        null,
        alert.timestamp());
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.GROUP_ID_CONFIG,
            GROUP,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "latest",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            MAX_AT_ONCE,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            TIMEOUT_MILLIS),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private boolean isStopped() {
    return stop.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  private void pause(Duration time) {
    try {
      var unused = stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends after the alert in hand, within ten seconds or so. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
