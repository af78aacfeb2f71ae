package io.millrace.activities.features;

import io.millrace.activities.streaming.Topics;
import io.millrace.core.events.Event;
import io.millrace.core.events.RawEnvelope;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends raw events at a steady rate and watches for the features of some of them in Redis. An event
 * counts from the moment at which it was to be sent, so that a slow producer cannot hide a slow
 * stream, until a reader that asks every 5 ms sees its row or a newer one.
 *
 * @param bootstrapServers of Kafka, whose raw topic is there
 * @param redisUri the online store
 * @param ratePerSecond events a second
 * @param watchedIn every so many-th event is watched
 */
public record FreshnessRun(
    String bootstrapServers, String redisUri, int ratePerSecond, int watchedIn) {
  private static final int LINGER_MILLIS = 5;

  /**
   * Sends the events and waits for the features of those that are watched, at most a minute.
   *
   * @param warmUp the first events, none of which is watched
   * @param count events in all
   * @param progress told the number of events sent so far, often; cheap calls only
   * @throws ExecutionException if Kafka did not take the last event
   */
  public Freshness send(Iterator<Event> events, long warmUp, long count, LongConsumer progress)
      throws InterruptedException, ExecutionException {
    try (FreshnessProbe probe = FreshnessProbe.start(redisUri);
        KafkaProducer<String, byte[]> producer = producer()) {
      Future<?> last = CompletableFuture.completedFuture(null);
      long start = System.nanoTime();
      for (long number = 0; number < count; number++) {
        long due = start + number * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        Event event = events.next();
        if (number >= warmUp && number % watchedIn == 0) {
          probe.watch(event, due);
        }
        last =
            producer.send(
                new ProducerRecord<>(Topics.RAW, event.userSession(), RawEnvelope.of(event)));
        progress.accept(number + 1);
      }
      last.get();
      return probe.await();
    }
  }

  private KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.LINGER_MS_CONFIG,
            LINGER_MILLIS),
        new StringSerializer(),
        new ByteArraySerializer());
  }
}
