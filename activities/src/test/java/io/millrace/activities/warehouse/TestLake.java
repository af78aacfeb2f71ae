package io.millrace.activities.warehouse;

import io.millrace.core.events.Event;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.input.Unpacked;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A bucket to write objects into, as the lake sink would, or broken ones. */
final class TestLake implements AutoCloseable {
  static final String PREFIX = "topics/tracking.user_behavior.validated/";

  private final MinioClient client;
  private final String bucket;

  private TestLake(MinioClient client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /** A new bucket. */
  static TestLake create(MinioClient client, String bucket) throws Exception {
    client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
    return new TestLake(client, bucket);
  }

  /** A bucket that is there. */
  static TestLake of(MinioClient client, String bucket) {
    return new TestLake(client, bucket);
  }

  String bucket() {
    return bucket;
  }

  void put(String name, List<Event> events) throws Exception {
    putBytes(name + ".json.gz", gzip(lines(events)));
  }

  void putBytes(String name, byte[] content) throws Exception {
    client.putObject(
        PutObjectArgs.builder().bucket(bucket).object(PREFIX + name).stream(
                new ByteArrayInputStream(content), (long) content.length, -1L)
            .build());
  }

  void remove(String name) throws Exception {
    client.removeObject(
        RemoveObjectArgs.builder().bucket(bucket).object(PREFIX + name + ".json.gz").build());
  }

  /** The keys below a folder, in their order. */
  List<String> keys(String folder) throws Exception {
    List<String> keys = new ArrayList<>();
    ListObjectsArgs listing =
        ListObjectsArgs.builder().bucket(bucket).prefix(PREFIX + folder).recursive(true).build();
    for (Result<Item> item : client.listObjects(listing)) {
      keys.add(item.get().objectName());
    }
    return keys;
  }

  /** All lines below a folder. */
  List<String> lines(String folder) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String key : keys(folder)) {
      GetObjectArgs get = GetObjectArgs.builder().bucket(bucket).object(key).build();
      try (InputStream content = Unpacked.of(client.getObject(get))) {
        lines.addAll(new String(content.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
      }
    }
    return lines;
  }

  static byte[] lines(List<Event> events) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Event event : events) {
      lines.writeBytes(line(event));
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  static byte[] line(Event event) {
    return OutputEnvelope.valid(RawEnvelope.of(event), Instant.EPOCH);
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(content);
    }
    return zipped.toByteArray();
  }

  /** A gzip stream with each line in a member of its own. */
  static byte[] gzipOfLines(List<byte[]> lines) throws IOException {
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      members.writeBytes(gzip(line));
      members.writeBytes(gzip("\n"));
    }
    return members.toByteArray();
  }

  static byte[] gzip(String content) throws IOException {
    return gzip(content.getBytes(StandardCharsets.UTF_8));
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
