package io.millrace.activities.asset;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.DagWorkers;
import io.millrace.engine.asset.Asset;
import io.millrace.engine.asset.AssetCondition;
import io.millrace.engine.asset.AssetDelivery;
import io.millrace.engine.asset.AssetEvent;
import io.millrace.engine.asset.AssetReport;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.engine.asset.Assets;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Asset events from a real Kafka to a hub on a real Temporal server. */
class AssetEventConsumerIT {
  private static final String QUEUE = "assets";

  private static LocalStack stack;
  private static WorkflowServiceStubs service;
  private static WorkerFactory factory;
  private static Assets assets;
  private static AssetTopic topic;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.TEMPORAL, Component.KAFKA);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(stack.endpoints().temporal().target())
                .build());
    WorkflowClient client = WorkflowClient.newInstance(service);
    factory = WorkerFactory.newInstance(client, DagWorkers.factoryOptions(client));
    DagWorkers.registerSystem(factory.newWorker(QUEUE));
    factory.start();
    assets = new Assets(client, QUEUE);
    topic = new AssetTopic(stack.endpoints().kafka().bootstrapServers(), "toys.asset-events");
  }

  @AfterAll
  static void stop() {
    factory.shutdownNow();
    service.shutdownNow();
    stack.close();
  }

  @Test
  void eachRecordIsTakenOnceAlsoByARestartBetweenTakeAndCommit() {
    assets.declare(
        List.of(
            new AssetSchedule(
                "nobody", QUEUE, AssetCondition.all(new Asset("grain"), new Asset("wind")))));
    String topicId = topic.prepare();
    send(
        "{\"asset\": \"grain\", \"partition\": \"rye\", \"extra\": {\"sacks\": 3}}",
        "{oops",
        "{\"asset\": \"grain\"}",
        "{\"asset\": \"grain\", \"color\": \"gold\"}",
        null);

    AtomicInteger handedOver = new AtomicInteger();
    try (AssetEventConsumer killed =
        AssetEventConsumer.start(
            topic,
            delivery -> {
              assets.deliver(delivery);
              handedOver.incrementAndGet();
              throw new IllegalStateException("killed between take and commit");
            })) {
      Awaitility.await().until(() -> handedOver.get() >= 2);
      assertThat(killed.taken()).isZero();
    }
    assertThat(committed()).isZero();
    List<AssetDelivery> deliveries = new ArrayList<>();
    try (AssetEventConsumer consumer =
        AssetEventConsumer.start(
            topic,
            delivery -> {
              assets.deliver(delivery);
              deliveries.add(delivery);
            })) {
      Awaitility.await().until(() -> committed() == 5);
      send("{\"asset\": \"grain\", \"partition\": \"oats\"}");
      Awaitility.await().until(() -> committed() == 6);
      assertThat(consumer.taken()).isEqualTo(3);
      assertThat(consumer.unreadable()).isEqualTo(3);
    }

    assertThat(deliveries.get(0).log()).isEqualTo("kafka/" + topicId + "/0");
    assertThat(assets.waiting().get("nobody"))
        .extracting(AssetEvent::source)
        .containsExactly(
            "kafka:toys.asset-events/0/0",
            "kafka:toys.asset-events/0/2",
            "kafka:toys.asset-events/0/5");
    assertThat(assets.events().get(2).extra()).hasToString("{\"sacks\":3}");
    assertThat(assets.list())
        .filteredOn(asset -> asset.asset().equals("grain"))
        .extracting(AssetReport::events)
        .containsExactly(3L);
    assertThat(deadLetters().subList(0, 3))
        .containsExactly(
            "toys.asset-events/0/1: Unexpected character ('o' (code 111)): was expecting"
                + " double-quote to start field name",
            "toys.asset-events/0/3: Unrecognized field \"color\" (class"
                + " io.millrace.activities.asset.AssetMessage), not marked as ignorable",
            "toys.asset-events/0/4: the record has no value");
  }

  private static void send(@Nullable String... values) {
    try (KafkaProducer<byte[], byte[]> producer = topic.producer()) {
      for (String value : values) {
        var unused =
            producer.send(
                new ProducerRecord<>(
                    topic.name(), value == null ? null : value.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  private static long committed() {
    TopicPartition partition = new TopicPartition(topic.name(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer = topic.consumer()) {
      var offset = consumer.committed(Set.of(partition)).get(partition);
      return offset == null ? 0 : offset.offset();
    }
  }

  private static List<String> deadLetters() {
    TopicPartition partition = new TopicPartition(topic.deadLetters(), 0);
    List<String> letters = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = topic.consumer()) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Awaitility.await()
          .until(
              () -> {
                for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  letters.add(header(record, "source") + ": " + header(record, "reason"));
                }
                return letters.size() >= 3;
              });
    }
    return letters;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
