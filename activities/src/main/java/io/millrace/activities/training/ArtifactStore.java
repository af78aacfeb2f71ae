package io.millrace.activities.training;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.Item;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Small objects of the training pipeline in one bucket: data sets, checkpoints, candidates. An
 * object appears whole or not at all, as S3 publishes a PUT atomically.
 *
 * <p>Thread-safe. Timeouts are those of the client it is given.
 */
public final class ArtifactStore {
  /** The bucket of the seed. */
  public static final String BUCKET = "model-checkpoints";

  private static final String SCHEME = "s3://";

  private final MinioClient client;
  private final String bucket;

  public ArtifactStore(MinioClient client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /** Where an object of this store is, for people and for {@link #key}. */
  public String uri(String key) {
    return SCHEME + bucket + "/" + key;
  }

  /**
   * The key within this store's bucket.
   *
   * @throws PipelineException not retryable, if the address is in another bucket
   */
  public String key(String uri) {
    String prefix = uri("");
    if (!uri.startsWith(prefix)) {
      throw new PipelineException(
          PipelineFailure.INVALID_INPUT, "'" + uri + "' is not in bucket " + bucket);
    }
    return uri.substring(prefix.length());
  }

  /** Makes the bucket if it is not there. */
  public void ensureBucket() {
    call(
        "bucket " + bucket,
        () -> {
          if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
            client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
          }
          return true;
        });
  }

  /** Writes or replaces an object. */
  public void put(String key, byte[] bytes, String contentType) {
    call(
        uri(key),
        () ->
            client.putObject(
                PutObjectArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .contentType(contentType)
                    .data(bytes, bytes.length)
                    .build()));
  }

  /** Reads an object, empty if there is none. */
  public Optional<byte[]> get(String key) {
    return call(
        uri(key),
        () -> {
          try (InputStream in =
              client.getObject(GetObjectArgs.builder().bucket(bucket).object(key).build())) {
            return Optional.of(in.readAllBytes());
          } catch (ErrorResponseException e) {
            if ("NoSuchKey".equals(e.errorResponse().code())) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  /**
   * Reads an object that must be there and must be what it was.
   *
   * @throws PipelineException {@code DATASET_CORRUPT}, not retryable
   */
  public byte[] getVerified(String uri, String sha256) {
    byte[] bytes =
        get(key(uri))
            .orElseThrow(
                () ->
                    new PipelineException(
                        PipelineFailure.DATASET_CORRUPT,
                        uri + " is gone. Start the run again: it makes a new one."));
    String actual = sha256(bytes);
    if (!actual.equals(sha256)) {
      throw new PipelineException(
          PipelineFailure.DATASET_CORRUPT,
          "%s has sha256 %s, wanted %s: it was overwritten or damaged. Start the run again."
              .formatted(uri, actual, sha256));
    }
    return bytes;
  }

  /** Deletes all objects below a prefix; those already gone are no error. */
  public void deleteBelow(String prefix) {
    List<String> keys = new ArrayList<>();
    call(
        uri(prefix),
        () -> {
          for (Result<Item> item :
              client.listObjects(
                  ListObjectsArgs.builder()
                      .bucket(bucket)
                      .prefix(prefix)
                      .recursive(true)
                      .build())) {
            keys.add(item.get().objectName());
          }
          for (String key : keys) {
            client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(key).build());
          }
          return true;
        });
  }

  /** The hex SHA-256 of bytes. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static <T> T call(String what, Callable<T> action) {
    try {
      return action.call();
    } catch (ErrorResponseException e) { // its message holds request headers, so keep the code only
      throw new PipelineException(
          PipelineFailure.UNAVAILABLE, "S3 refused " + what + ": " + e.errorResponse().code());
    } catch (Exception e) {
      throw new PipelineException(
          PipelineFailure.UNAVAILABLE,
          "S3 could not be reached for " + what + ": " + e.getClass().getSimpleName(),
          e);
    }
  }
}
