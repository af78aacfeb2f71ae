package io.millrace.engine.payload;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The blobs used last, so that a worker that passes a result on, or replays a run, does not fetch
 * it again. Safe for use by many threads.
 */
final class BlobCache {

  private final long capacity;
  private final Map<String, byte[]> blobs = new LinkedHashMap<>(16, 0.75f, true);
  private long size;

  /** Creates a cache that holds at most so many bytes. */
  BlobCache(long capacity) {
    this.capacity = capacity;
  }

  synchronized Optional<byte[]> find(String key) {
    return Optional.ofNullable(blobs.get(key));
  }

  /** Keeps a blob whose content is known to be right. */
  synchronized void add(String key, byte[] bytes) {
    // One large blob would drive out all others.
    if (bytes.length > capacity / 4 || blobs.put(key, bytes) != null) {
      return;
    }
    size += bytes.length;
    Iterator<byte[]> eldest = blobs.values().iterator();
    while (size > capacity) {
      size -= eldest.next().length;
      eldest.remove();
    }
  }
}
