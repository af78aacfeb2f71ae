package io.millrace.engine.payload;

import org.jspecify.annotations.Nullable;

/**
 * What happens to payloads of which size, in bytes.
 *
 * @param compressAbove larger payloads are compressed
 * @param storeAbove payloads that are larger even so go to the blob store; Temporal refuses 2 MB,
 *     ends a run whose history passes 50 MB, and keeps at most 8 MB of an open run, with the
 *     heartbeats of all its tasks. Of local tasks, whose results travel in one message, at most 4
 *     KB
 * @param storeAboveInWorkflow the same for what workflow code sends: all that one step of a run
 *     sends, as the inputs of a hundred tasks, must fit into one message of 4 MB
 * @param maxSize larger payloads are refused
 * @param keys encrypts every payload; null for no encryption
 */
public record PayloadOptions(
    int compressAbove,
    int storeAbove,
    int storeAboveInWorkflow,
    int maxSize,
    @Nullable EncryptionKeys keys) {

  /** Compress above 4 KB, store above 16 KB, at most 64 MB, no keys. */
  public static final PayloadOptions DEFAULT =
      new PayloadOptions(4 << 10, 16 << 10, 16 << 10, 64 << 20, null);

  private static final int SERVER_LIMIT = 2 << 20;

  public PayloadOptions {
    require(compressAbove >= 0, "compressAbove", compressAbove, "0 or more");
    require(
        storeAbove >= 0 && storeAbove < SERVER_LIMIT,
        "storeAbove",
        storeAbove,
        "between 0 and 2 MB, which Temporal refuses");
    require(
        storeAboveInWorkflow >= 0 && storeAboveInWorkflow <= storeAbove,
        "storeAboveInWorkflow",
        storeAboveInWorkflow,
        "between 0 and storeAbove (" + storeAbove + ")");
    require(
        maxSize >= storeAbove && maxSize <= 512 << 20,
        "maxSize",
        maxSize,
        "between storeAbove (" + storeAbove + ") and 512 MB, as values pass through memory");
  }

  /** The same with encryption. */
  public PayloadOptions withKeys(EncryptionKeys encryption) {
    return new PayloadOptions(compressAbove, storeAbove, storeAboveInWorkflow, maxSize, encryption);
  }

  private static void require(boolean holds, String name, int value, String limit) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s must be %s, but is %d bytes".formatted(name, limit, value));
    }
  }
}
