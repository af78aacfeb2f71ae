package io.millrace.activities.asset;

import io.millrace.engine.asset.AssetDelivery;
import io.millrace.engine.asset.AssetDelivery.Numbered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the asset events of a Kafka topic to the asset hub, in a thread of its own.
 *
 * <p>An offset is committed when the hub has the record: killed before that, the record is handed
 * over again, and the hub, which knows how far it has taken each partition, ignores it. A record
 * that is no asset event is counted, logged and copied to the dead letters, and holds up nothing.
 * While Kafka or the hub does not answer it waits, and at most {@link AssetTopic#BATCH} records
 * with it.
 */
public final class AssetEventConsumer implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(AssetEventConsumer.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
  private static final Duration SEND = Duration.ofSeconds(15);

  private final AssetTopic topic;
  private final Consumer<AssetDelivery> hub;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final LongAdder taken = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private final Thread thread = new Thread(this::run, "asset-events");
  private Duration pause = PAUSE;

  private AssetEventConsumer(AssetTopic topic, Consumer<AssetDelivery> hub) {
    this.topic = topic;
    this.hub = hub;
    thread.setDaemon(true);
  }

  /**
   * Starts to read.
   *
   * @param hub takes records for good before it returns, or throws; then they come again
   */
  public static AssetEventConsumer start(AssetTopic topic, Consumer<AssetDelivery> hub) {
    AssetEventConsumer consumer = new AssetEventConsumer(topic, hub);
    consumer.thread.start();
    return consumer;
  }

  /** Records that the hub has taken from this process. */
  public long taken() {
    return taken.sum();
  }

  /** Records that were no asset events. */
  public long unreadable() {
    return unreadable.sum();
  }

  private void run() {
    while (!isStopped()) {
      if (!topic.isReachable()) {
        pause("Kafka does not answer at " + topic.bootstrapServers());
        continue;
      }
      try {
        read(topic.prepare());
      } catch (KafkaException e) {
        pause(String.valueOf(e.getMessage()));
      }
    }
  }

  /** Begins at the last committed offsets. */
  private void read(String topicId) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = topic.consumer();
        KafkaProducer<byte[], byte[]> producer = topic.producer()) {
      consumer.subscribe(List.of(topic.name()));
      while (!isStopped()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (TopicPartition partition : records.partitions()) {
          List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
          if (some.get(0).offset() < positions.getOrDefault(partition, 0L)) {
            // Under its new id the hub takes what it would ignore under the old one.
            throw new KafkaException("the topic " + topic.name() + " was made anew");
          }
          take(topicId, partition, some, producer);
          long next = some.get(some.size() - 1).offset() + 1;
          positions.put(partition, next);
          consumer.commitSync(Map.of(partition, new OffsetAndMetadata(next)));
        }
        pause = PAUSE;
      }
    }
  }

  private void take(
      String topicId,
      TopicPartition partition,
      List<ConsumerRecord<byte[], byte[]>> records,
      KafkaProducer<byte[], byte[]> producer) {
    List<Numbered> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        events.add(new Numbered(record.offset(), AssetMessage.read(record)));
      } catch (AssetMessage.Unreadable e) {
        keep(record, String.valueOf(e.getMessage()), producer);
      }
    }
    if (events.isEmpty()) {
      return;
    }
    try {
      hub.accept(
          new AssetDelivery("kafka/%s/%d".formatted(topicId, partition.partition()), events));
    } catch (RuntimeException e) {
      throw new KafkaException("the asset hub does not take events: " + e.getMessage(), e);
    }
    taken.add(events.size());
  }

  private void keep(
      ConsumerRecord<byte[], byte[]> record,
      String reason,
      KafkaProducer<byte[], byte[]> producer) {
    String place = "%s/%d/%d".formatted(record.topic(), record.partition(), record.offset());
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(topic.deadLetters(), null, record.key(), record.value());
    letter.headers().add("reason", reason.getBytes(StandardCharsets.UTF_8));
    letter.headers().add("source", place.getBytes(StandardCharsets.UTF_8));
    try {
      producer.send(letter).get(SEND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Cannot write to " + topic.deadLetters(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while writing to " + topic.deadLetters(), e);
    }
    unreadable.increment();
    logger.warn(
        "Record {} is no asset event ({}); it is kept in {}", place, reason, topic.deadLetters());
  }

  private boolean isStopped() {
    return stop.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  /** Waits longer each time, and says so each time: with the longest pause twice a minute. */
  private void pause(String reason) {
    if (isStopped()) {
      return;
    }
    logger.warn("Asset events are not read ({}); trying again in {}", reason, pause);
    try {
      var unused = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
  }

  /** Ends after what is in hand, within ten seconds or so. */
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
