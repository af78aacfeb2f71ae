package io.millrace.bench.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.activities.streaming.Topics;
import io.millrace.bench.Figures;
import io.millrace.core.events.Event;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How long the validation job takes from a raw event to the committed validated one, at a steady
 * rate: counted from the moment at which an event was to be sent, so that a slow producer cannot
 * hide a slow stream.
 */
final class StreamLatency {
  private static final int SECONDS = 30;
  private static final int START = 20;
  private static final int WARM_UP = 10;
  private static final int PARTITIONS = 4;
  private static final int WATCHED_IN = 50;

  private StreamLatency() {}

  static ObjectNode measure(Path home, Path work, int rate) throws Exception {
    try (LocalStack stack = LocalStack.forTests(Component.KAFKA, Component.S3)) {
      StreamServers servers = new StreamServers(stack.endpoints());
      for (String topic : List.of(Topics.RAW, Topics.VALIDATED, Topics.INVALID)) {
        servers.topic(topic, PARTITIONS);
      }
      Process job =
          new StreamSide(stack.endpoints(), home, work)
              .millrace("validation", 2, servers.freePort());
      try {
        double[] millis = millis(servers.bootstrapServers(), rate);
        return Figures.JSON
            .createObjectNode()
            .put("latency_events_per_second", rate)
            .put("latency_watched", millis.length)
            .put("latency_p50_ms", Math.round(Figures.percentile(50, millis)))
            .put("latency_p99_ms", Math.round(Figures.percentile(99, millis)));
      } finally {
        job.destroyForcibly().waitFor();
      }
    }
  }

  private static double[] millis(String bootstrapServers, int rate) throws Exception {
    int count = rate * (WARM_UP + SECONDS);
    long[] seen = new long[count];
    Thread reader = new Thread(() -> read(bootstrapServers, seen), "reader");
    reader.setDaemon(true);
    reader.start();
    long start = produce(bootstrapServers, rate, count);
    reader.join(Duration.ofMinutes(2).toMillis());
    if (reader.isAlive()) {
      throw new IllegalStateException("Not every validated event came within two minutes");
    }
    return LongStream.range((long) rate * WARM_UP, count)
        .filter(number -> number % WATCHED_IN == 0)
        .mapToDouble(number -> (seen[(int) number] - due(start, rate, number)) / 1e6)
        .toArray();
  }

  private static long due(long start, int rate, long number) {
    return start + number * TimeUnit.SECONDS.toNanos(1) / rate;
  }

  private static long produce(String bootstrapServers, int rate, int count) throws Exception {
    SyntheticEvents events =
        new SyntheticEvents(11, Instant.parse("2019-10-01T00:00:00Z"), 3600 * rate);
    try (KafkaProducer<String, byte[]> producer = StreamServers.producer(bootstrapServers, 5)) {
      // The job has until then to start.
      long start = System.nanoTime() + TimeUnit.SECONDS.toNanos(START);
      Future<?> last = CompletableFuture.completedFuture(null);
      for (int number = 0; number < count; number++) {
        TimeUnit.NANOSECONDS.sleep(due(start, rate, number) - System.nanoTime());
        // The number travels as the user's.
        Event next = events.next();
        Event event = StreamServers.event(next, number, next.userSession());
        last =
            producer.send(
                new ProducerRecord<>(Topics.RAW, event.userSession(), RawEnvelope.of(event)));
      }
      last.get();
      return start;
    }
  }

  private static void read(String bootstrapServers, long[] seen) {
    try (KafkaConsumer<byte[], byte[]> consumer = WrittenMessages.consumer(bootstrapServers)) {
      consumer.assign(
          LongStream.range(0, PARTITIONS)
              .mapToObj(p -> new TopicPartition(Topics.VALIDATED, (int) p))
              .toList());
      consumer.seekToBeginning(consumer.assignment());
      for (int left = seen.length; left > 0; ) {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(50))) {
          int number = number(message.value());
          if (seen[number] == 0) {
            seen[number] = System.nanoTime();
            left--;
          }
        }
      }
    }
  }

  private static int number(byte[] message) {
    String text = new String(message, StandardCharsets.UTF_8);
    int start = text.indexOf("\"user_id\":", text.indexOf("\"payload\"")) + "\"user_id\":".length();
    int end = start;
    while (Character.isDigit(text.charAt(end))) {
      end++;
    }
    return Integer.parseInt(text, start, end, 10);
  }
}
