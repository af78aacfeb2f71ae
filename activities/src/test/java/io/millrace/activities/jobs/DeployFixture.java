package io.millrace.activities.jobs;

import io.millrace.core.events.BadRows;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.core.events.Verdict;
import io.millrace.engine.DagRuns;
import io.millrace.engine.DagWorkers;
import io.millrace.engine.RunReport;
import io.millrace.engine.notify.NotifyWorkers;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.millrace.workflows.jobs.DeployParams;
import io.millrace.workflows.jobs.FlinkDeploy;
import io.millrace.workflows.jobs.FlinkDeployImpl;
import io.millrace.workflows.jobs.FlinkSavepoint;
import io.millrace.workflows.jobs.FlinkSavepointImpl;
import io.millrace.workflows.jobs.JobActivities;
import io.millrace.workflows.jobs.SavepointParams;
import io.minio.MinioClient;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka, an object store, Flink, and a worker with the deployments; events come all the time. */
final class DeployFixture implements AutoCloseable {
  private static final String RAW = "tracking.raw_user_behavior";
  private static final String VALIDATED = "tracking.user_behavior.validated";
  private static final String QUEUE = "millrace";
  private static final int BAD_EVERY = 50;

  final FlinkProcesses flink;
  final FlinkApi api;
  final Path folder;
  private final LocalStack stack;
  private final TestWorkflowEnvironment temporal;
  private final MinioClient s3;
  private final AtomicInteger sent = new AtomicInteger();
  private volatile boolean producing = true;
  private final Thread producer;

  DeployFixture(UnaryOperator<JobActivities> wrapping) throws IOException {
    folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "deploy-");
    stack = LocalStack.forTests(Component.KAFKA, Component.S3);
    Endpoints at = stack.endpoints();
    flink = new FlinkProcesses(folder, at);
    api = new FlinkApi(flink.restUrl(), at.flink().token());
    s3 =
        MinioClient.builder()
            .endpoint(at.s3().endpoint())
            .region(at.s3().region())
            .credentials(at.s3().accessKey(), at.s3().secretKey())
            .build();
    temporal =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder().setUseTimeskipping(false).build());
    Worker worker = temporal.newWorker(QUEUE);
    DagWorkers.register(worker, FlinkDeployImpl.class, FlinkSavepointImpl.class);
    NotifyWorkers.registerForTests(worker, notification -> {});
    worker.registerActivitiesImplementations(
        wrapping.apply(new JobActivitiesImpl(api, s3, FlinkProcesses.JAR)));
    temporal.start();
    producer = new Thread(() -> produce(at.kafka().bootstrapServers()), "producer");
  }

  /** Begins to send some hundred events a second. */
  void startProducing() {
    producer.start();
  }

  private void produce(String servers) {
    List<Event> events =
        SyntheticEvents.stream(20261121, 100_000, Instant.parse("2019-10-01T00:00:00Z")).toList();
    try (KafkaProducer<String, byte[]> kafka =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
            new StringSerializer(),
            new ByteArraySerializer())) {
      byte[] bad = BadRows.of(BadRows.Kind.BAD_PRICE, events.get(0), new SplittableRandom(1));
      for (int i = 0; producing; i++) {
        Event event = events.get(i);
        send(kafka, event.userSession(), RawEnvelope.of(event));
        sent.incrementAndGet();
        if (i % BAD_EVERY == 0) {
          send(kafka, "bad", bad);
        }
        LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
      }
    }
  }

  private static void send(KafkaProducer<String, byte[]> kafka, String key, byte[] value) {
    var unused = kafka.send(new ProducerRecord<>(RAW, key, value));
  }

  /** Ends the stream; gives how many events it had. */
  int stopProducing() throws InterruptedException {
    producing = false;
    producer.join();
    return sent.get();
  }

  /** Identities of the events that were published, as a reader of committed messages sees them. */
  List<String> published() {
    EventReader reader = new EventReader();
    List<String> identities = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.endpoints().kafka().bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(VALIDATED).stream()
              .map(partition -> new TopicPartition(VALIDATED, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(
                message -> {
                  Verdict.Valid valid = (Verdict.Valid) reader.read(message.value());
                  identities.add(EventIdentity.hex(valid.event()));
                });
      }
    }
    return identities;
  }

  RunReport deploy(DeployParams params) throws TimeoutException {
    DagRuns runs = new DagRuns(temporal.getWorkflowClient(), QUEUE);
    return runs.await(runs.trigger(FlinkDeploy.NAME, params), Waiting.LIMIT);
  }

  RunReport savepoint(SavepointParams params) throws TimeoutException {
    DagRuns runs = new DagRuns(temporal.getWorkflowClient(), QUEUE);
    return runs.await(runs.trigger(FlinkSavepoint.NAME, params), Waiting.LIMIT);
  }

  @Override
  public void close() {
    producing = false;
    temporal.close();
    flink.close();
    try {
      s3.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the client", e);
    }
    stack.close();
  }
}
