package io.millrace.flink.lake;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;

/**
 * The folder of a line: {@code topics/<topic>/year=2019/month=10/day=01/hour=00}, in UTC.
 *
 * <p>The year is the calendar's ({@code uuuu}). The pattern that the Kafka Connect sink is
 * configured with says {@code YYYY}, which in {@code java.time} is the year of the week and wrong
 * around New Year.
 */
final class HourFolders implements BucketAssigner<LakeLine, String> {
  private static final long serialVersionUID = 1L;
  private static final DateTimeFormatter FOLDER =
      DateTimeFormatter.ofPattern("'year='uuuu/'month='MM/'day='dd/'hour='HH", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String topic;
  private transient long lastHour;
  private transient String lastFolder;

  @SuppressWarnings("NullAway.Init") // the first line fills the memory of the last folder
  HourFolders(String topic) {
    this.topic = topic;
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public String getBucketId(LakeLine line, Context context) {
    if (lastFolder == null || line.hour() != lastHour) {
      lastHour = line.hour();
      lastFolder = folder(topic, line.hour());
    }
    return lastFolder;
  }

  static String folder(String topic, long hour) {
    Instant start = Instant.ofEpochSecond(TimeUnit.HOURS.toSeconds(hour));
    return "topics/" + topic + "/" + FOLDER.format(start);
  }

  @Override
  public SimpleVersionedSerializer<String> getSerializer() {
    return SimpleVersionedStringSerializer.INSTANCE;
  }
}
