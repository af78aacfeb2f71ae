package io.millrace.engine.payload;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A store whose blobs can be damaged, lost, aged and cut off. */
public final class MemoryBlobStore implements BlobStore {

  private final Map<String, byte[]> blobs;
  private final Map<String, Instant> written = new ConcurrentSkipListMap<>();
  private final AtomicInteger puts = new AtomicInteger();
  private volatile boolean down;

  public MemoryBlobStore() {
    this(new ConcurrentSkipListMap<>());
  }

  private MemoryBlobStore(Map<String, byte[]> blobs) {
    this.blobs = blobs;
  }

  /** The same blobs over another connection, which can be cut by itself. */
  MemoryBlobStore view() {
    return new MemoryBlobStore(blobs);
  }

  @Override
  public void put(String key, byte[] bytes) {
    requireUp();
    puts.incrementAndGet();
    blobs.put(key, bytes.clone());
    written.put(key, Instant.now());
  }

  @Override
  public Optional<byte[]> get(String key) {
    requireUp();
    return Optional.ofNullable(blobs.get(key)).map(byte[]::clone);
  }

  @Override
  public Stream<Blob> list(String prefix) {
    requireUp();
    return blobs.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> new Blob(key, written.get(key)));
  }

  @Override
  public void delete(String key) {
    requireUp();
    blobs.remove(key);
  }

  @Override
  public String name() {
    return "memory:";
  }

  public Map<String, byte[]> blobs() {
    return blobs;
  }

  public int puts() {
    return puts.get();
  }

  public void down(boolean is) {
    down = is;
  }

  public void age(String key, Instant when) {
    written.put(key, when);
  }

  void damageAll(UnaryOperator<byte[]> damage) {
    blobs.replaceAll((key, bytes) -> damage.apply(bytes.clone()));
  }

  private void requireUp() {
    if (down) {
      throw new BlobStoreException("The store is down");
    }
  }
}
