package io.millrace.activities.payload;

import io.millrace.activities.lake.ObjectStoreConfig;
import io.millrace.engine.payload.BlobStore;
import io.millrace.engine.payload.BlobStoreException;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Blobs in one bucket of an S3 store. It makes the bucket when it first finds that there is none.
 *
 * <p>Thread-safe. Every call has the configured timeout.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {

  /** The bucket unless the configuration says otherwise. */
  public static final String BUCKET = "temporal-payloads";

  private static final Set<String> THERE_ALREADY =
      Set.of("BucketAlreadyOwnedByYou", "BucketAlreadyExists");

  private final ObjectStoreConfig config;
  private final String bucket;
  private final MinioClient client;

  /** Makes a client; does not connect yet. */
  public S3BlobStore(ObjectStoreConfig config, String bucket) {
    this.config = config;
    this.bucket = bucket;
    this.client =
        MinioClient.builder()
            .endpoint(config.endpoint().toString())
            .region(config.region())
            .credentials(config.accessKey(), config.secretKey())
            .build();
    long millis = config.timeout().toMillis();
    client.setTimeout(millis, millis, millis);
  }

  @Override
  public void put(String key, byte[] bytes) {
    call(
        "write " + key,
        () -> {
          try {
            return write(key, bytes);
          } catch (ErrorResponseException e) {
            if (!isNoBucket(e)) {
              throw e;
            }
            makeBucket();
            return write(key, bytes);
          }
        });
  }

  @Override
  public Optional<byte[]> get(String key) {
    return call(
        "read " + key,
        () -> {
          try (InputStream in =
              client.getObject(GetObjectArgs.builder().bucket(bucket).object(key).build())) {
            return Optional.of(in.readAllBytes());
          } catch (ErrorResponseException e) {
            if (isNoBucket(e) || "NoSuchKey".equals(e.errorResponse().code())) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  @Override
  public Stream<Blob> list(String prefix) {
    boolean exists =
        call(
            "list " + prefix,
            () -> client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build()));
    if (!exists) {
      return Stream.empty();
    }
    Iterable<Result<Item>> items =
        client.listObjects(
            ListObjectsArgs.builder().bucket(bucket).prefix(prefix).recursive(true).build());
    return StreamSupport.stream(items.spliterator(), false)
        .map(item -> call("list " + prefix, item::get))
        .filter(item -> !item.isDir())
        .map(item -> new Blob(item.objectName(), item.lastModified().toInstant()));
  }

  @Override
  public void delete(String key) {
    call(
        "delete " + key,
        () -> {
          client.removeObject(RemoveObjectArgs.builder().bucket(bucket).object(key).build());
          return true;
        });
  }

  @Override
  public String name() {
    return "s3://" + bucket;
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the client of " + config.endpoint(), e);
    }
  }

  private boolean write(String key, byte[] bytes) throws Exception {
    client.putObject(
        PutObjectArgs.builder()
            .bucket(bucket)
            .object(key)
            .contentType("application/octet-stream")
            .data(bytes, bytes.length)
            .build());
    return true;
  }

  private void makeBucket() throws Exception {
    try {
      client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
    } catch (ErrorResponseException e) {
      if (!THERE_ALREADY.contains(e.errorResponse().code())) {
        throw e;
      }
    }
  }

  private static boolean isNoBucket(ErrorResponseException e) {
    return "NoSuchBucket".equals(e.errorResponse().code());
  }

  private <T> T call(String what, Callable<T> work) {
    try {
      return work.call();
    } catch (ErrorResponseException e) { // its message holds request headers, so keep the code only
      throw new BlobStoreException(
          ("The object store at %s refused to %s in bucket %s: %s. May the keys of s3.access-key do"
                  + " that?")
              .formatted(config.endpoint(), what, bucket, e.errorResponse().code()));
    } catch (Exception e) {
      throw new BlobStoreException(
          ("The object store at %s could not be reached to %s in bucket %s (%s). Is it running? Is"
                  + " s3.endpoint right?")
              .formatted(config.endpoint(), what, bucket, e.getClass().getSimpleName()),
          e);
    }
  }
}
