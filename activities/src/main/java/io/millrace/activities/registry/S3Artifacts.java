package io.millrace.activities.registry;

import io.millrace.core.registry.RegistryRefusedException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.Result;
import io.minio.errors.ErrorResponseException;
import io.minio.messages.Item;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Artifacts that lie in S3 and that clients read there themselves ({@code s3://}). */
final class S3Artifacts implements ArtifactFolder {
  static final String SCHEME = "s3://";

  private static final Set<String> PASSING =
      Set.of("SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout");

  private final MinioClient client;
  private final String uri;
  private final String bucket;
  private final String prefix;

  /** Reads nothing yet; timeouts are those of the client. */
  S3Artifacts(MinioClient client, String uri) {
    this.client = client;
    this.uri = uri;
    String path = uri.substring(SCHEME.length()).replaceFirst("/+$", "");
    int slash = path.indexOf('/');
    this.bucket = slash < 0 ? path : path.substring(0, slash);
    this.prefix = slash < 0 ? "" : path.substring(slash + 1) + "/";
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public Map<String, Long> files(String folder) {
    String below = folder.isEmpty() ? prefix : prefix + folder + "/";
    return call(
        "list " + below,
        () -> {
          Map<String, Long> files = new TreeMap<>();
          for (Result<Item> result :
              client.listObjects(ListObjectsArgs.builder().bucket(bucket).prefix(below).build())) {
            Item item = result.get();
            if (!item.isDir()) {
              files.put(item.objectName().substring(below.length()), item.size());
            }
          }
          return files;
        });
  }

  @Override
  public Optional<byte[]> read(String path) {
    return call(
        "read " + path,
        () -> {
          try (InputStream in =
              client.getObject(
                  GetObjectArgs.builder().bucket(bucket).object(prefix + path).build())) {
            return Optional.of(in.readAllBytes());
          } catch (ErrorResponseException e) {
            if ("NoSuchKey".equals(e.errorResponse().code())) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  /** The client's own messages hold request headers, so they are left out. */
  private <T> T call(String what, Callable<T> action) {
    try {
      return action.call();
    } catch (ErrorResponseException e) {
      String code = e.errorResponse().code();
      String reason = "The object store refused to %s at %s: %s".formatted(what, uri, code);
      if (PASSING.contains(code)) {
        throw new RegistryUnavailableException(reason);
      }
      throw new RegistryRefusedException(
          reason
              + ". The key of s3.access-key must be able to read the bucket that MLflow keeps its"
              + " artifacts in");
    } catch (Exception e) {
      throw new RegistryUnavailableException(
          "The object store cannot be reached to %s at %s: %s. Check s3.endpoint"
              .formatted(what, uri, e.getClass().getSimpleName()));
    }
  }
}
