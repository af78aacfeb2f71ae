package io.millrace.flink;

import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.iterable.S3Objects;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import io.millrace.stack.Endpoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads the lake's objects, each only once: an object never changes. */
final class LakeObjects {
  private final AmazonS3 s3;
  private final String bucket;
  private final String prefix;
  private final Map<String, List<String>> lines = new HashMap<>();

  LakeObjects(Endpoints.S3 s3, String bucket, String topic) {
    this.s3 =
        ObjectStore.client(
            new FlinkConfig.S3(s3.endpoint(), s3.region(), s3.accessKey(), s3.secretKey()));
    this.bucket = bucket;
    this.prefix = "topics/" + topic + "/";
  }

  /** A line and the object that it stands in. */
  record Line(String key, String json) {}

  List<Line> lines() {
    for (S3ObjectSummary object : S3Objects.withPrefix(s3, bucket, prefix)) {
      if (object.getKey().endsWith(".json.gz")) {
        lines.computeIfAbsent(object.getKey(), this::read);
      }
    }
    List<Line> all = new ArrayList<>();
    lines.forEach((key, texts) -> texts.forEach(text -> all.add(new Line(key, text))));
    return all;
  }

  int objects() {
    return lines.size();
  }

  private List<String> read(String key) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(s3.getObject(bucket, key).getObjectContent()),
                StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
