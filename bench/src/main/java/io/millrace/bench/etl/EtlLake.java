package io.millrace.bench.etl;

import io.millrace.core.events.Event;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.stack.Endpoints;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Lays the same events into the lake, as the lake sink does, and into plain files for the peers.
 */
final class EtlLake implements AutoCloseable {
  static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("'year='uuuu'/month='MM'/day='dd'/hour='HH")
          .withZone(ZoneOffset.UTC);

  private final MinioClient client;
  private final String bucket;

  EtlLake(Endpoints.S3 s3, String bucket) throws Exception {
    this.client =
        MinioClient.builder()
            .endpoint(s3.endpoint())
            .region(s3.region())
            .credentials(s3.accessKey(), s3.secretKey())
            .build();
    this.bucket = bucket;
    client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
  }

  /** So many made-up events: one object and one file an hour of event time. */
  void writeSynthetic(int events, Path folder) throws Exception {
    Files.createDirectories(folder);
    Iterator<Event> stream = SyntheticEvents.stream(1, events, START).iterator();
    Event event = stream.next();
    for (int hour = 0; event != null; hour++) {
      Instant end = START.plus(Duration.ofHours(hour + 1));
      ByteArrayOutputStream zipped = new ByteArrayOutputStream();
      try (OutputStream object = new BufferedOutputStream(new GZIPOutputStream(zipped), 1 << 16);
          OutputStream file =
              new BufferedOutputStream(
                  Files.newOutputStream(folder.resolve("part-%05d.json".formatted(hour))))) {
        while (event != null && event.eventTime().isBefore(end)) {
          object.write(OutputEnvelope.valid(RawEnvelope.of(event), event.eventTime()));
          object.write('\n');
          file.write(flat(event).getBytes(StandardCharsets.UTF_8));
          event = stream.hasNext() ? stream.next() : null;
        }
      }
      put(HOUR.format(end.minusSeconds(1)) + "/part-0.json.gz", zipped.toByteArray());
    }
  }

  /** The peers' own files, as they are. */
  void copy(Path folder) throws Exception {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      put(file.getFileName().toString(), Files.readAllBytes(file));
    }
  }

  private void put(String key, byte[] content) throws Exception {
    client.putObject(
        PutObjectArgs.builder().bucket(bucket).object(key).stream(
                new ByteArrayInputStream(content), (long) content.length, -1L)
            .build());
  }

  private static String flat(Event event) {
    return """
    {"event_time":"%s","event_type":"%s","product_id":%d,"category_id":%d,"category_code":%s,\
    "brand":%s,"price":%s,"user_id":%d,"user_session":"%s"}
    """
        .formatted(
            TIME.format(event.eventTime()),
            event.eventType().code(),
            event.productId(),
            event.categoryId(),
            quoted(event.categoryCode()),
            quoted(event.brand()),
            event.price(),
            event.userId(),
            event.userSession());
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "null" : "\"" + text + "\"";
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the client", e);
    }
  }
}
