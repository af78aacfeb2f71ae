package io.millrace.activities.lake;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The S3 store that holds the lake. Every call has the configured timeout, and every failure is an
 * {@link PipelineException}.
 *
 * <p>Can be used by any number of threads.
 */
public final class ObjectStore implements AutoCloseable {
  private static final Set<String> GONE = Set.of("NoSuchKey", "PreconditionFailed");
  private static final Set<String> DENIED =
      Set.of("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidTokenId");

  private final ObjectStoreConfig config;
  private final MinioClient client;

  /** Makes a client; does not connect yet. */
  public ObjectStore(ObjectStoreConfig config) {
    this.config = config;
    this.client =
        MinioClient.builder()
            .endpoint(config.endpoint().toString())
            .region(config.region())
            .credentials(config.accessKey(), config.secretKey())
            .build();
    long millis = config.timeout().toMillis();
    client.setTimeout(millis, millis, millis);
  }

  /** Where the store is. */
  public String endpoint() {
    return config.endpoint().toString();
  }

  /** Makes sure that the bucket is there and can be listed. */
  public void check(String bucket) {
    boolean exists =
        call(bucket, () -> client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build()));
    if (!exists) {
      throw missing(bucket);
    }
    call(
        bucket,
        () -> {
          for (Result<Item> item :
              client.listObjects(ListObjectsArgs.builder().bucket(bucket).maxKeys(1).build())) {
            return item.get().objectName();
          }
          return "";
        });
  }

  /** Passes on every object under the prefix, in key order, folders left out. */
  public void list(String bucket, String prefix, Consumer<LakeObject> objects) {
    listBefore(bucket, prefix, Instant.MAX, objects);
  }

  /** The same of objects that were written before a time. */
  void listBefore(String bucket, String prefix, Instant before, Consumer<LakeObject> objects) {
    ListObjectsArgs listing =
        ListObjectsArgs.builder().bucket(bucket).prefix(prefix).recursive(true).build();
    for (Result<Item> result : client.listObjects(listing)) {
      Item item = call(bucket, result::get);
      if (!item.isDir() && item.lastModified().toInstant().isBefore(before)) {
        objects.accept(
            new LakeObject(bucket, item.objectName(), unquoted(item.etag()), item.size()));
      }
    }
  }

  /**
   * Opens exactly the given version of an object.
   *
   * <p>A connection that breaks off while reading throws {@link PipelineException}, so that every
   * {@link IOException} met downstream is about the content.
   *
   * @return the content, to be closed by the caller; empty if the object is gone or was replaced
   */
  public Optional<InputStream> open(LakeObject object) {
    GetObjectArgs get =
        GetObjectArgs.builder()
            .bucket(object.bucket())
            .object(object.key())
            .matchETag(object.etag())
            .build();
    try {
      return Optional.of(new StoreStream(client.getObject(get), object.key()));
    } catch (ErrorResponseException e) {
      if (GONE.contains(e.errorResponse().code())) {
        return Optional.empty();
      }
      throw translate(object.bucket(), e);
    } catch (Exception e) {
      throw translate(object.bucket(), e);
    }
  }

  /** Writes an object at one go, and gives its etag. */
  String put(LakeObject object, byte[] content) {
    PutObjectArgs put =
        PutObjectArgs.builder().bucket(object.bucket()).object(object.key()).stream(
                new ByteArrayInputStream(content), (long) content.length, -1L)
            .build();
    return unquoted(call(object.bucket(), () -> client.putObject(put)).etag());
  }

  /** Deletes an object; nothing happens if it is gone. */
  void remove(LakeObject object) {
    RemoveObjectArgs remove =
        RemoveObjectArgs.builder().bucket(object.bucket()).object(object.key()).build();
    call(
        object.bucket(),
        () -> {
          client.removeObject(remove);
          return true;
        });
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot close the client of " + endpoint(), e);
    }
  }

  private interface Call<T> {
    T run() throws Exception;
  }

  private <T> T call(String bucket, Call<T> call) {
    try {
      return call.run();
    } catch (Exception e) {
      throw translate(bucket, e);
    }
  }

  /** Turns the client's exceptions into ours; its messages hold request headers, so not those. */
  private PipelineException translate(String bucket, Exception e) {
    if (!(e instanceof ErrorResponseException response)) {
      return new PipelineException(
          PipelineFailure.UNAVAILABLE,
          "The object store at %s does not answer (%s). Is it running? Is s3.endpoint right?"
              .formatted(endpoint(), e.getClass().getSimpleName()),
          e);
    }
    String code = response.errorResponse().code();
    if (code.equals("NoSuchBucket")) {
      return missing(bucket);
    }
    if (DENIED.contains(code)) {
      return new PipelineException(
          PipelineFailure.ACCESS_DENIED,
          ("The object store at %s refused our keys for bucket %s (%s)."
                  + " Set s3.access-key and s3.secret-key to keys that may read it.")
              .formatted(endpoint(), bucket, code));
    }
    return new PipelineException(
        PipelineFailure.UNAVAILABLE,
        "The object store at %s answered %s for bucket %s. Look into its log."
            .formatted(endpoint(), code, bucket));
  }

  private PipelineException missing(String bucket) {
    return new PipelineException(
        PipelineFailure.NOT_FOUND,
        ("Bucket %s does not exist at %s. Create it, or start the run with the parameter bucket"
                + " set to the one that holds the validated events.")
            .formatted(bucket, endpoint()));
  }

  private static String unquoted(String etag) {
    return etag.replace("\"", "");
  }

  /** Tells trouble with the connection from trouble with the content. */
  private final class StoreStream extends FilterInputStream {
    private final String key;

    StoreStream(InputStream in, String key) {
      super(in);
      this.key = key;
    }

    @Override
    public int read() {
      try {
        return super.read();
      } catch (IOException e) {
        throw broken(e);
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      try {
        return super.read(buffer, offset, length);
      } catch (IOException e) {
        throw broken(e);
      }
    }

    private PipelineException broken(IOException e) {
      return new PipelineException(
          PipelineFailure.UNAVAILABLE,
          "The object store at %s broke off while sending %s (%s)."
              .formatted(endpoint(), key, e.getClass().getSimpleName()),
          e);
    }
  }
}
