package io.millrace.workers.payload;

import io.millrace.activities.payload.S3BlobStore;
import io.millrace.engine.payload.BlobStore;
import io.millrace.engine.payload.BlobStoreException;
import io.millrace.workers.config.ConfigException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A store that is made when it is first used: most commands meet no large value. */
final class LazyBlobStore implements BlobStore, AutoCloseable {
  private final Supplier<S3BlobStore> maker;
  private @Nullable S3BlobStore made;

  LazyBlobStore(Supplier<S3BlobStore> maker) {
    this.maker = maker;
  }

  private synchronized S3BlobStore store() {
    S3BlobStore store = made;
    if (store == null) {
      try {
        store = maker.get();
      } catch (ConfigException e) {
        throw new BlobStoreException(
            "A value is so large that it lies in the object store, but " + e.getMessage(), e);
      }
      made = store;
    }
    return store;
  }

  @Override
  public void put(String key, byte[] bytes) {
    store().put(key, bytes);
  }

  @Override
  public Optional<byte[]> get(String key) {
    return store().get(key);
  }

  @Override
  public Stream<Blob> list(String prefix) {
    return store().list(prefix);
  }

  @Override
  public void delete(String key) {
    store().delete(key);
  }

  @Override
  public String name() {
    return store().name();
  }

  @Override
  public synchronized void close() {
    if (made != null) {
      made.close();
    }
  }
}
