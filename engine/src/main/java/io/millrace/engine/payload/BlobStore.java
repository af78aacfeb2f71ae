package io.millrace.engine.payload;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where large payloads and memoised results lie: an object store, or a folder.
 *
 * <p>Safe for use by many threads and processes at once. A blob appears whole or not at all, and a
 * reader sees it as soon as {@link #put} has returned. Every call ends within a timeout. Any method
 * throws {@link BlobStoreException} if the store cannot be reached or refuses.
 */
public interface BlobStore {

  /**
   * A blob that exists.
   *
   * @param writtenAt when it was last written
   */
  record Blob(String key, Instant writtenAt) {}

  /** Writes a blob, or writes it again: the last write wins. */
  void put(String key, byte[] bytes);

  /** The content of a blob; empty if there is none of that key. */
  Optional<byte[]> get(String key);

  /**
   * The blobs whose key begins with a prefix, in the order of their keys, read from the store as
   * the stream is. Close the stream.
   */
  Stream<Blob> list(String prefix);

  /** Deletes a blob; one that is gone already is no error. */
  void delete(String key);

  /** Where it is, for messages: {@code s3://temporal-payloads}. */
  String name();
}
