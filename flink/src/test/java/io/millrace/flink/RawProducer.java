package io.millrace.flink;

import io.millrace.testing.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Produces to the raw topic in the background, until it is told to finish. */
final class RawProducer implements AutoCloseable {
  private static final int PER_SECOND = 1_000;

  private final KafkaProducer<String, byte[]> producer;
  private final RawMessages messages;
  private final byte[] largest;
  private final CompletableFuture<Ledger> done = new CompletableFuture<>();
  private volatile boolean enough;

  /** What was produced. */
  record Ledger(int valid, List<String> badKeys) {
    int all() {
      return valid + badKeys.size();
    }
  }

  RawProducer(String bootstrapServers, RawMessages messages, int largest) {
    this.messages = messages;
    this.largest = new byte[largest];
    String limit = String.valueOf(2 * largest);
    createTopic(bootstrapServers, limit);
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, limit),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  private static void createTopic(String bootstrapServers, String maxMessageBytes) {
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
      NewTopic topic =
          new NewTopic(Topics.RAW, 4, (short) 1)
              .configs(Map.of("max.message.bytes", maxMessageBytes));
      Waiting.result(admin.createTopics(List.of(topic)).all());
      KafkaTopics.ensure(bootstrapServers, List.of(Topics.RAW), 4); // waits until it is open
    } catch (Exception e) {
      throw new IllegalStateException("Cannot create the raw topic", e);
    }
  }

  void start() {
    Thread thread = new Thread(this::produce, "producer");
    thread.setDaemon(true);
    thread.start();
  }

  Ledger finish() throws ExecutionException, InterruptedException {
    enough = true;
    return done.get();
  }

  private void produce() {
    try {
      int valid = 0;
      List<String> badKeys = new ArrayList<>();
      long start = System.nanoTime();
      for (int number = 0; !enough; number++) {
        RawMessages.Message message = messages.next(number);
        if (message.valid()) {
          valid++;
        } else {
          badKeys.add(message.key());
        }
        send(message.key(), message.value());
        if (number == 2 * PER_SECOND) {
          send("bad-largest", largest);
          badKeys.add("bad-largest");
        }
        TimeUnit.NANOSECONDS.sleep(
            start + number * (1_000_000_000L / PER_SECOND) - System.nanoTime());
      }
      producer.flush();
      done.complete(new Ledger(valid, badKeys));
    } catch (InterruptedException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback sees the error
  private void send(String key, byte[] value) {
    producer.send(
        new ProducerRecord<>(Topics.RAW, key, value),
        (metadata, error) -> {
          if (error != null) {
            done.completeExceptionally(error);
          }
        });
  }

  @Override
  public void close() {
    enough = true;
    producer.close();
  }
}
