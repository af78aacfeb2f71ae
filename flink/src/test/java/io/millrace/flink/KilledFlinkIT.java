package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import io.millrace.core.serving.PredictionMessage;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.stack.S3Server;
import io.millrace.stack.SearchAttribute;
import io.millrace.stack.install.MinioBinary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Flink, killed at any moment, loses nothing and repeats nothing, from Kafka to Kafka to the lake.
 *
 * <p>{@code -Dmillrace.seed=N} picks other moments and other messages, {@code -Dmillrace.kills=N}
 * more of them.
 */
@Tag("chaos")
class KilledFlinkIT {
  private static final long SEED = Long.getLong("millrace.seed", 20261121);
  private static final int KILLS = Integer.getInteger("millrace.kills", 4);
  private static final int LARGEST = 10 << 20;
  private static final Instant PREDICTED = Instant.parse("2026-11-20T23:59:59.999999Z");

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Deque<Runnable> started = new ArrayDeque<>();
  private FlinkProcess flink;
  private RawProducer producer;
  private CommittedMessages topics;
  private LakeObjects validatedLake;
  private LakeObjects invalidLake;
  private LakeObjects predictionsLake;
  private String servers;

  private void start(S3Server server) throws IOException {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "killed-flink-");
    LocalStack stack =
        LocalStack.forTests(server, SearchAttribute.STANDARD, Component.KAFKA, Component.S3);
    started.push(stack::close);
    servers = stack.endpoints().kafka().bootstrapServers();
    topics = new CommittedMessages(servers);
    producer = new RawProducer(servers, new RawMessages(SEED), LARGEST);
    started.push(producer::close);
    validatedLake =
        new LakeObjects(stack.endpoints().s3(), "validated-events-bucket", Topics.VALIDATED);
    invalidLake =
        new LakeObjects(stack.endpoints().s3(), "invalidated-events-bucket", Topics.INVALID);
    predictionsLake =
        new LakeObjects(stack.endpoints().s3(), "predictions-bucket", Topics.PREDICTIONS);
    flink =
        new FlinkProcess(
            folder,
            stack.endpoints().kafka(),
            stack.endpoints().s3(),
            Map.of("flink.checkpoint-interval", "500ms", "flink.lake-checkpoint-interval", "1s"));
    started.push(flink::close);
  }

  @AfterEach
  void stop() {
    while (!started.isEmpty()) {
      started.pop().run();
    }
  }

  /** MinIO only where it is there or can be built, and with half the kills. */
  @ParameterizedTest
  @EnumSource
  void losesAndRepeatsNothingWhenItIsKilledAgainAndAgain(S3Server server) throws Exception {
    assumeThat(server != S3Server.MINIO || MinioBinary.isAvailable()).as("minio or Go").isTrue();
    start(server);
    int kills = server == S3Server.MINIO ? (KILLS + 1) / 2 : KILLS;
    producer.start();
    for (int kill = 0; kill < kills; kill++) {
      flink.start();
      // One in the middle of starting, the others at work, within a few checkpoints.
      if (kill == 1) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000, 8_000));
      } else {
        flink.awaitCheckpoint();
        predict(kill);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000));
      }
      flink.kill9();
    }
    flink.start();
    flink.awaitRunning();
    assertThat(flink.get("/")).contains("<title>Apache Flink Web Dashboard</title>");
    RawProducer.Ledger produced = producer.finish();
    awaitAll(produced);

    assertThat(flink.stop()).isEqualTo(143);
    assertThat(flink.log())
        .contains("Job validation: starting from checkpoint", "Job lake: starting from checkpoint")
        .contains("Job validation: stopped, s3://", "Job lake: stopped, s3://");

    List<ConsumerRecord<byte[], byte[]>> validated = topics.of(Topics.VALIDATED);
    List<ConsumerRecord<byte[], byte[]>> invalid = topics.of(Topics.INVALID);
    assertThat(topics.isWaitingForTransactions(Topics.VALIDATED)).isFalse();
    assertThat(validated.size() + invalid.size()).isEqualTo(produced.all());
    assertEachEventOnceAndInOrder(validated, produced.valid());
    assertThat(invalid.stream().map(KilledFlinkIT::key))
        .containsExactlyInAnyOrderElementsOf(produced.badKeys());
    assertSameMessages(validatedLake.lines(), validated);
    assertSameMessages(invalidLake.lines(), invalid);
    assertInTheRightHour(validatedLake.lines());
    assertPredictionsAreThereOnce(kills);
    // Objects hold many events: about one for each hour and checkpoint.
    assertThat(validatedLake.objects()).isLessThan(validated.size() / 100);
  }

  private static byte[] prediction(int kill, int row) {
    return new PredictionMessage(
            PREDICTED, kill + "-" + row, "r", row, "m", "1", "a", 1L, 2L, "{}", List.of(0.5f), 1)
        .bytes();
  }

  private void predict(int kill) throws Exception {
    try (NumberedMessages sender = new NumberedMessages(servers, 1)) {
      for (int row = 0; row < 20; row++) {
        sender.send(new ProducerRecord<>(Topics.PREDICTIONS, prediction(kill, row)));
      }
    }
  }

  /** They were written before each kill that came at work; the lake job has stopped in order. */
  private void assertPredictionsAreThereOnce(int kills) {
    List<String> written = new ArrayList<>();
    for (int kill = 0; kill < kills; kill++) {
      for (int row = 0; kill != 1 && row < 20; row++) {
        written.add(new String(prediction(kill, row), StandardCharsets.UTF_8));
      }
    }
    List<LakeObjects.Line> lines = predictionsLake.lines();
    assertThat(lines.stream().map(LakeObjects.Line::json))
        .containsExactlyInAnyOrderElementsOf(written);
    assertThat(lines).allMatch(line -> line.key().contains("/year=2026/month=11/day=20/hour=23/"));
  }

  private void awaitAll(RawProducer.Ledger produced) {
    await()
        .pollInterval(Duration.ofSeconds(1))
        .failFast(() -> !flinkLives())
        .untilAsserted(
            () -> {
              assertThat(validatedLake.lines()).hasSizeGreaterThanOrEqualTo(produced.valid());
              assertThat(invalidLake.lines())
                  .hasSizeGreaterThanOrEqualTo(produced.badKeys().size());
            });
  }

  private boolean flinkLives() {
    return ProcessHandle.of(flink.pid()).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void assertEachEventOnceAndInOrder(
      List<ConsumerRecord<byte[], byte[]>> validated, int events) {
    EventReader reader = new EventReader();
    Map<String, Long> lastOfSession = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> message : validated) {
      Verdict.Valid valid = (Verdict.Valid) reader.read(message.value());
      String session = valid.event().userSession();
      assertThat(key(message)).isEqualTo(session);
      Long last = lastOfSession.put(session, valid.event().productId());
      assertThat(valid.event().productId()).isGreaterThan(last == null ? -1 : last);
    }
    assertThat(validated).hasSize(events);
  }

  private static void assertSameMessages(
      List<LakeObjects.Line> lines, List<ConsumerRecord<byte[], byte[]>> messages) {
    Map<String, Long> inTopic =
        counts(messages, message -> new String(message.value(), StandardCharsets.UTF_8));
    assertThat(counts(lines, LakeObjects.Line::json)).isEqualTo(inTopic);
  }

  private static void assertInTheRightHour(List<LakeObjects.Line> lines) {
    DateTimeFormatter folder =
        DateTimeFormatter.ofPattern("'/year='uuuu/'month='MM/'day='dd/'hour='HH/")
            .withZone(ZoneOffset.UTC);
    EventReader reader = new EventReader();
    for (LakeObjects.Line line : lines) {
      Verdict verdict = reader.read(line.json().getBytes(StandardCharsets.UTF_8));
      Instant time = ((Verdict.Valid) verdict).event().eventTime();
      assertThat(line.key()).contains(folder.format(time));
    }
  }

  private static <T> Map<String, Long> counts(List<T> items, Function<T, String> text) {
    return items.stream().collect(Collectors.groupingBy(text, Collectors.counting()));
  }

  private static String key(ConsumerRecord<byte[], byte[]> message) {
    return new String(message.key(), StandardCharsets.UTF_8);
  }
}
