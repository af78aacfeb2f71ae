package io.millrace.activities.streaming;

import io.minio.BucketExistsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.errors.ErrorResponseException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The buckets that events and models end up in. */
public final class Buckets {
  /** The lake of valid events. */
  public static final String VALIDATED = "validated-events-bucket";

  /** The lake of invalid messages. */
  public static final String INVALIDATED = "invalidated-events-bucket";

  /** The lake of predictions. */
  public static final String PREDICTIONS = "predictions-bucket";

  /** All that our jobs and pipelines write to; MLflow makes its own. */
  public static final List<String> ALL =
      List.of(VALIDATED, INVALIDATED, PREDICTIONS, "model-checkpoints", "flink-checkpoints");

  private static final Set<String> THERE_ALREADY =
      Set.of("BucketAlreadyOwnedByYou", "BucketAlreadyExists");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private Buckets() {}

  /**
   * Creates the buckets that are missing.
   *
   * @throws IllegalStateException if the store does not answer or refuses our keys
   */
  public static void ensureExist(
      URI endpoint, String region, String accessKey, String secretKey, List<String> names) {
    MinioClient client =
        MinioClient.builder()
            .endpoint(endpoint.toString())
            .region(region)
            .credentials(accessKey, secretKey)
            .build();
    try {
      client.setTimeout(TIMEOUT.toMillis(), TIMEOUT.toMillis(), TIMEOUT.toMillis());
      for (String name : names) {
        ensureExists(client, name);
      }
    } catch (ErrorResponseException e) {
      // Its message holds the headers of the request.
      throw new IllegalStateException(
          "The object store at " + endpoint + " refused: " + e.errorResponse().code());
    } catch (Exception e) {
      throw new IllegalStateException(
          "The object store at " + endpoint + " does not answer: " + e.getMessage(), e);
    } finally {
      close(client);
    }
  }

  private static void close(MinioClient client) {
    try {
      client.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the client of the object store", e);
    }
  }

  private static void ensureExists(MinioClient client, String name) throws Exception {
    if (client.bucketExists(BucketExistsArgs.builder().bucket(name).build())) {
      return;
    }
    try {
      client.makeBucket(MakeBucketArgs.builder().bucket(name).build());
    } catch (ErrorResponseException e) {
      if (!THERE_ALREADY.contains(e.errorResponse().code())) {
        throw e;
      }
    }
  }
}
