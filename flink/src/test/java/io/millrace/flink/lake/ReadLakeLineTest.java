package io.millrace.flink.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.serving.PredictionMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadLakeLineTest {
  private static final Instant PREDICTED = Instant.parse("2026-11-21T10:59:59.999Z");
  private static final Instant WRITTEN = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void filesAPredictionUnderItsOwnHour() {
    assertThat(read(prediction())).containsExactly(hour(PREDICTED));
  }

  @Test
  void filesWhatHasNoTimeUnderTheHourItWasWritten() {
    assertThat(read("{\"model\":\"shop\"}".getBytes(StandardCharsets.UTF_8)))
        .containsExactly(hour(WRITTEN));
    assertThat(read("no JSON".getBytes(StandardCharsets.UTF_8))).containsExactly(hour(WRITTEN));
  }

  @Test
  void hasNoLineForATombstone() {
    assertThat(read(null)).isEmpty();
  }

  private static byte[] prediction() {
    return new PredictionMessage(
            PREDICTED, "a-0", "r", 0, "shop", "7", "champion", 1L, 2L, "{}", List.of(0.5f), 1)
        .bytes();
  }

  private static long hour(Instant time) {
    return time.getEpochSecond() / 3600;
  }

  private static List<Long> read(byte @Nullable [] value) {
    ReadLakeLine read = new ReadLakeLine(HourOf.PREDICTION);
    read.open(new Unregistered());
    List<LakeLine> lines = new ArrayList<>();
    read.deserialize(
        new ConsumerRecord<>(
            "t",
            0,
            0,
            WRITTEN.toEpochMilli(),
            TimestampType.CREATE_TIME,
            0,
            0,
            new byte[0],
            value,
            new RecordHeaders(),
            Optional.empty()),
        new ListCollector<>(lines));
    return lines.stream().map(LakeLine::hour).toList();
  }

  private static final class Unregistered implements DeserializationSchema.InitializationContext {
    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      throw new UnsupportedOperationException("not asked for");
    }
  }
}
