package io.millrace.flink.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.serving.PredictionMessage;
import io.millrace.flink.KafkaRecords;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadLakeLineTest {
  private static final Instant PREDICTED = Instant.parse("2026-11-21T10:59:59.999Z");
  private static final String FOLDER =
      "topics/t/year=[0-9]{4}/month=[0-9]{2}/day=[0-9]{2}/hour=[0-9]{2}";
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

  @Test
  void filesEveryEventAtTheLimitsUnderItsOwnHour() {
    for (Event event : LimitEvents.all()) {
      byte[] validated = OutputEnvelope.valid(RawEnvelope.of(event), WRITTEN);

      List<Long> hours = read(HourOf.EVENT, WRITTEN.toEpochMilli(), validated);

      assertThat(hours).containsExactly(Math.floorDiv(event.eventTime().getEpochSecond(), 3600));
      assertThat(HourFolders.folder("t", hours.get(0))).matches(FOLDER);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 253_402_300_800_000L, Long.MAX_VALUE})
  void filesARecordOfAnyTimeUnderAFolder(long timestamp) {
    List<Long> hours = read(HourOf.RECORD, timestamp, new byte[] {1});

    assertThat(HourFolders.folder("t", hours.get(0))).matches(FOLDER);
  }

  private static List<Long> read(byte @Nullable [] value) {
    return read(HourOf.PREDICTION, WRITTEN.toEpochMilli(), value);
  }

  private static List<Long> read(HourOf hourOf, long timestamp, byte @Nullable [] value) {
    ReadLakeLine read = new ReadLakeLine(hourOf);
    read.open(KafkaRecords.context(new UnregisteredMetricsGroup()));
    List<LakeLine> lines = new ArrayList<>();
    read.deserialize(KafkaRecords.of("t", timestamp, value), new ListCollector<>(lines));
    return lines.stream().map(LakeLine::hour).toList();
  }
}
