package io.millrace.activities.jobs;

import io.millrace.activities.PipelineException;
import io.millrace.activities.training.ArtifactStore;
import io.millrace.workflows.PipelineFailure;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.Result;
import io.minio.messages.Item;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deletes savepoints that are too old, in the bucket that Flink writes them to. */
final class SavepointRetention {
  private static final String METADATA = "/_metadata";

  private final MinioClient s3;
  private final String bucket;

  SavepointRetention(MinioClient s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /** Deletes all complete savepoints of a job but the newest; says how many. */
  int deleteAllBut(int keep, String job) {
    ArtifactStore objects = new ArtifactStore(s3, bucket);
    List<String> tooOld =
        completed(job + "/savepoints/").entrySet().stream()
            .sorted(Map.Entry.<String, ZonedDateTime>comparingByValue(Comparator.reverseOrder()))
            .skip(keep)
            .map(Map.Entry::getKey)
            .toList();
    tooOld.forEach(folder -> objects.deleteBelow(folder + "/"));
    return tooOld.size();
  }

  private Map<String, ZonedDateTime> completed(String prefix) {
    Map<String, ZonedDateTime> folders = new HashMap<>();
    ListObjectsArgs listing =
        ListObjectsArgs.builder().bucket(bucket).prefix(prefix).recursive(true).build();
    try {
      for (Result<Item> result : s3.listObjects(listing)) {
        Item item = result.get();
        String key = item.objectName();
        if (key.endsWith(METADATA)) {
          folders.put(key.substring(0, key.length() - METADATA.length()), item.lastModified());
        }
      }
    } catch (Exception e) {
      throw new PipelineException(
          PipelineFailure.UNAVAILABLE,
          "Cannot list s3://%s/%s (%s)".formatted(bucket, prefix, e.getClass().getSimpleName()),
          e);
    }
    return folders;
  }
}
