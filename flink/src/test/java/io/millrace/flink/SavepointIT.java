package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.millrace.core.alerts.Alert;
import io.millrace.core.alerts.AlertRules;
import io.millrace.core.alerts.Severity;
import io.millrace.core.events.BadRows;
import io.millrace.core.events.CdcEnvelope;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.Verdict;
import io.millrace.flink.alerts.AlertJob;
import io.millrace.flink.validation.ValidationJob;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The validation and the alerts go on from a savepoint, exactly once. The validation goes on from
 * the savepoint of an older build, with more and with fewer subtasks, takes in topics that are new,
 * is restarted by no message, and gives an event that comes through Kafka and through CDC one
 * identity, key and partition.
 *
 * <p>The old savepoint was taken after {@value #PREFIX} messages, the same that this test sends
 * first. A run leaves that of its own build in {@code target/validation-savepoint}.
 */
class SavepointIT {
  private static final int PARTITIONS = 4;
  private static final int PREFIX = 40;
  private static final int TWICE = 999_999;
  private static final String NEW_TOPIC = Topics.RAW + ".shop2";

  @TempDir Path folder;

  private LocalStack stack;
  private TestCluster cluster;
  private CommittedMessages committed;
  private NumberedMessages messages;
  private KafkaConnectors ends;
  private String servers;

  @BeforeEach
  void start() throws Exception {
    stack = LocalStack.forTests(Component.KAFKA);
    servers = stack.endpoints().kafka().bootstrapServers();
    committed = new CommittedMessages(servers);
    cluster = new TestCluster(folder, servers, Map.of("flink.topic-discovery-interval", "1s"));
    List<String> topics =
        List.of(Topics.RAW, Topics.CDC, Topics.VALIDATED, Topics.INVALID, Topics.ALERTS);
    Duration timeout = KafkaTopics.ensure(servers, topics, PARTITIONS);
    ends = new KafkaConnectors(servers, timeout, cluster.config().inputs().discovery());
    messages = new NumberedMessages(servers, PARTITIONS);
  }

  @AfterEach
  void stop() {
    messages.close();
    cluster.close();
    stack.close();
  }

  @Test
  void goesOnFromAnOlderBuildAndWithAnyParallelism() throws Exception {
    messages.send(PREFIX, Topics.RAW);
    JobID idle = cluster.run(job(), 1, Optional.of(savepointOfThePreviousBuild()));
    String ours = cluster.stop(idle, "ours");
    keep(ours);

    JobID one = cluster.run(job(), 1, Optional.of(ours));
    messages.send(60, Topics.RAW);
    awaitSize(Topics.VALIDATED, 60);
    cluster.assertNeverRestarted(one);
    String first = cluster.stop(one, "one");

    JobID four = cluster.run(job(), 4, Optional.of(first));
    KafkaTopics.ensure(servers, List.of(NEW_TOPIC), PARTITIONS);
    messages.send(60, NEW_TOPIC);
    messages.send(60, Topics.RAW);
    awaitSize(Topics.VALIDATED, 180);
    messages.sendPoison(Topics.RAW);
    awaitSize(Topics.INVALID, NumberedMessages.POISON);
    cluster.assertNeverRestarted(four);
    String second = cluster.stop(four, "four");

    JobID again = cluster.run(job(), 1, Optional.of(second));
    messages.send(60, Topics.RAW);
    Event event = RawMessages.event(TWICE, "twice");
    messages.send(new ProducerRecord<>(Topics.RAW, RawEnvelope.of(event)));
    messages.send(new ProducerRecord<>(Topics.CDC, CdcEnvelope.of(event)));
    awaitSize(Topics.VALIDATED, 242);
    cluster.assertNeverRestarted(again);
    cluster.stop(again, "again");

    assertEachOnceAndInOrder();
    assertOneEvent(event);
    assertExplained();
    assertAlertsOnce();
  }

  /** Two rules were broken: one alert each, and no other after a stop and a start. */
  private void assertAlertsOnce() throws Exception {
    StreamingJob alerts = AlertJob.on(ends, AlertRules.STANDARD, Duration.ofMillis(300));
    JobID first = cluster.run(alerts, 1, Optional.empty());
    awaitSize(Topics.ALERTS, 1);
    String savepoint = cluster.stop(first, "alerts");
    JobID second = cluster.run(alerts, 2, Optional.of(savepoint));
    byte[] bad =
        BadRows.of(BadRows.Kind.BROKEN_JSON, RawMessages.event(0, "s"), new SplittableRandom(1));
    byte[] broken = OutputEnvelope.invalid(bad, new EventReader().read(bad), Instant.now());
    byte[] unknown = "{\"error_type\":\"NEW_SCHEMA_ERROR\"}".getBytes(StandardCharsets.UTF_8);
    for (byte[] value : new byte[][] {broken, unknown}) {
      ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(Topics.INVALID, value);
      message.headers().add(Topics.SOURCE, Topics.RAW.getBytes(StandardCharsets.UTF_8));
      messages.send(message);
    }
    awaitSize(Topics.ALERTS, 2);
    cluster.stop(second, "alerts-again");

    assertThat(committed.of(Topics.ALERTS).stream().map(m -> Alert.parse(m.value()).orElseThrow()))
        .extracting(Alert::errorType, Alert::severity, Alert::source)
        .containsExactlyInAnyOrder(
            tuple("PROCESSING_ERROR", Severity.MEDIUM, Topics.RAW),
            tuple("NEW_SCHEMA_ERROR", Severity.HIGH, Topics.RAW));
  }

  private void assertOneEvent(Event event) {
    List<ConsumerRecord<byte[], byte[]>> both =
        committed.of(Topics.VALIDATED).stream()
            .filter(message -> event(message).productId() == TWICE)
            .toList();
    assertThat(both.stream().map(SavepointIT::event).map(EventIdentity::hex))
        .containsOnly(EventIdentity.hex(event))
        .hasSize(2);
    assertThat(both.get(0).key()).isEqualTo(both.get(1).key());
    assertThat(both.get(0).partition()).isEqualTo(both.get(1).partition());
  }

  private StreamingJob job() {
    return ValidationJob.on(ends, cluster.config().inputs(), Duration.ofMillis(300));
  }

  private static String savepointOfThePreviousBuild() throws Exception {
    return Path.of(SavepointIT.class.getResource("/validation-savepoint").toURI()).toString();
  }

  private static void keep(String savepoint) throws Exception {
    Path kept = Files.createDirectories(Path.of("target", "validation-savepoint"));
    Path metadata = Path.of(java.net.URI.create(savepoint)).resolve("_metadata");
    Files.write(kept.resolve("_metadata"), Files.readAllBytes(metadata));
  }

  /** Sessions stay in their partition, and the numbers of a session rise. */
  private void awaitSize(String topic, int count) {
    await().untilAsserted(() -> assertThat(committed.of(topic)).hasSizeGreaterThanOrEqualTo(count));
  }

  private void assertEachOnceAndInOrder() {
    List<ConsumerRecord<byte[], byte[]>> valid =
        committed.of(Topics.VALIDATED).stream()
            .filter(message -> event(message).productId() != TWICE)
            .toList();
    ToIntFunction<ConsumerRecord<byte[], byte[]>> number = m -> (int) event(m).productId();
    assertThat(valid.stream().mapToInt(number).sorted().toArray())
        .isEqualTo(java.util.stream.IntStream.range(PREFIX, messages.sent()).toArray());
    Map<String, Integer> last = new HashMap<>();
    // Between topics there is no order; the messages of one come in the order of their partition.
    for (ConsumerRecord<byte[], byte[]> message : valid) {
      int current = number.applyAsInt(message);
      String session = event(message).userSession() + "/" + isOfNewTopic(current);
      assertThat(current).isGreaterThan(last.getOrDefault(session, -1));
      last.put(session, current);
    }
  }

  private static boolean isOfNewTopic(int number) {
    return number >= PREFIX + 60 && number < PREFIX + 120;
  }

  private void assertExplained() {
    List<ConsumerRecord<byte[], byte[]>> invalid = committed.of(Topics.INVALID);
    assertThat(invalid).hasSize(NumberedMessages.POISON);
    assertThat(invalid.stream().map(m -> new String(m.value(), StandardCharsets.UTF_8)))
        .allMatch(
            text -> text.contains("PROCESSING_ERROR") && text.length() < NumberedMessages.LARGEST)
        .anyMatch(text -> text.contains("message has 10485760 bytes"))
        .anyMatch(
            text ->
                text.contains(
                    "SHA-256 e5b844cc57f57094ea4585e235f36c78c1cd222262bb89d53c94dcb4d6b3e55d"))
        .anyMatch(text -> text.contains("message is empty"))
        .anyMatch(text -> text.contains("not UTF-8"));
    assertThat(invalid)
        .allSatisfy(
            message ->
                assertThat(message.headers().lastHeader(Topics.SOURCE).value())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(Topics.RAW));
  }

  private static Event event(ConsumerRecord<byte[], byte[]> message) {
    return ((Verdict.Valid) new EventReader().read(message.value())).event();
  }
}
