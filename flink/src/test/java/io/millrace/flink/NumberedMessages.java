package io.millrace.flink;

import io.millrace.core.events.RawEnvelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends events that are numbered by their product id. Sessions stay in their partition, and the
 * numbers of a session rise.
 */
final class NumberedMessages implements AutoCloseable {
  static final int LARGEST = 10 << 20;
  static final int POISON = 6;
  private static final int SESSIONS = 8;
  private static final String LIMIT = String.valueOf(2 * LARGEST);

  private final String servers;
  private final int partitions;
  private final KafkaProducer<byte[], byte[]> producer;
  private int sent;

  NumberedMessages(String servers, int partitions) {
    this.servers = servers;
    this.partitions = partitions;
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "max.request.size", LIMIT),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  int sent() {
    return sent;
  }

  void send(int messages, String topic) throws ExecutionException, InterruptedException {
    List<Future<RecordMetadata>> all = new ArrayList<>();
    for (int i = 0; i < messages; i++, sent++) {
      all.add(producer.send(new ProducerRecord<>(topic, sent % partitions, null, message(sent))));
    }
    for (Future<RecordMetadata> one : all) {
      var unused = one.get();
    }
  }

  void send(ProducerRecord<byte[], byte[]> message)
      throws ExecutionException, InterruptedException {
    producer.send(message).get();
  }

  /** So many messages that are no events, each in another way. */
  void sendPoison(String topic) throws ExecutionException, InterruptedException {
    byte[] broken = Arrays.copyOf(message(0), 500);
    byte[] nested = "[".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    byte[] utf16 = new String(message(0), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
    byte[] latin = "{\"payload\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
    raiseLimit(topic);
    for (byte[] value : new byte[][] {broken, null, nested, utf16, latin, new byte[LARGEST]}) {
      send(new ProducerRecord<>(topic, value));
    }
  }

  private static byte[] message(int number) {
    return RawEnvelope.of(RawMessages.event(number, "session-" + number % SESSIONS));
  }

  private void raiseLimit(String topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      AlterConfigOp raise =
          new AlterConfigOp(new ConfigEntry("max.message.bytes", LIMIT), AlterConfigOp.OpType.SET);
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(raise))).all().get();
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
