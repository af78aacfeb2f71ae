package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.flink.validation.ValidationJob;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that reads nothing stores no checkpoints until the idle interval is over, which is an hour
 * here. Each message ends that: its output is published within the usual interval.
 */
class IdleCheckpointsIT {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  @TempDir Path folder;

  private LocalStack stack;
  private TestCluster cluster;
  private CommittedMessages committed;
  private NumberedMessages messages;
  private KafkaConnectors ends;

  @BeforeEach
  void start() throws Exception {
    stack = LocalStack.forTests(Component.KAFKA);
    String servers = stack.endpoints().kafka().bootstrapServers();
    committed = new CommittedMessages(servers);
    cluster = new TestCluster(folder, servers, Map.of("flink.idle-checkpoint-interval", "1h"));
    Duration timeout =
        KafkaTopics.ensure(
            servers, List.of(Topics.RAW, Topics.CDC, Topics.VALIDATED, Topics.INVALID), 4);
    ends = new KafkaConnectors(servers, timeout, Duration.ofSeconds(30));
    messages = new NumberedMessages(servers, 4);
  }

  @AfterEach
  void stop() {
    messages.close();
    cluster.close();
    stack.close();
  }

  @Test
  void checkpointsComeWithMessages() throws Exception {
    JobID always = cluster.run(new AlwaysBusy(), 1, Optional.empty());
    StreamingJob validation = ValidationJob.on(ends, cluster.config().inputs(), INTERVAL);
    JobID job = cluster.run(validation, 2, Optional.empty());
    String savepoint = "";
    for (int round = 1; round <= 6; round++) {
      messages.send(1, Topics.RAW);
      awaitOutput(round);
      assertIdle(job, always);
      if (round == 3) {
        savepoint = cluster.stop(job, "idle");
        job = cluster.run(validation, 1, Optional.of(savepoint));
        assertIdle(job, always);
      }
    }
  }

  private void awaitOutput(int size) {
    await().until(() -> committed.of(Topics.VALIDATED).size(), found -> found >= size);
    assertThat(committed.of(Topics.VALIDATED)).hasSize(size);
  }

  /** The time is that of twenty checkpoints of another job with the same interval. */
  private void assertIdle(JobID job, JobID always) throws Exception {
    // The first that begins after the message covers it; two may have begun before.
    awaitCheckpoints(always, 10);
    long before = cluster.completedCheckpoints(job);
    awaitCheckpoints(always, 20);
    assertThat(cluster.completedCheckpoints(job)).as("checkpoints while idle").isEqualTo(before);
  }

  private void awaitCheckpoints(JobID job, int more) throws Exception {
    long wanted = cluster.completedCheckpoints(job) + more;
    await().until(() -> cluster.completedCheckpoints(job) >= wanted);
  }

  /** Reads a topic without messages, and never asks for the idle interval. */
  private final class AlwaysBusy implements StreamingJob {
    @Override
    public String name() {
      return "always";
    }

    @Override
    public Duration checkpointInterval() {
      return INTERVAL;
    }

    @Override
    public void build(StreamExecutionEnvironment environment) {
      environment
          .fromSource(
              ends.source(
                  name(),
                  List.of(Topics.INVALID),
                  KafkaRecordDeserializationSchema.valueOnly(StringDeserializer.class)),
              WatermarkStrategy.noWatermarks(),
              "nothing")
          .uid("nothing")
          .sinkTo(new DiscardingSink<>())
          .uid("discard");
    }
  }
}
