package io.millrace.engine.payload;

/**
 * The blob store cannot be reached from workflow code.
 *
 * <p>An error and not an exception, because workflow code catches exceptions and would fail the
 * task. This fails the workflow task alone, which the server retries until the store is back.
 */
final class BlobStoreDownError extends Error {

  private static final long serialVersionUID = 1L;

  BlobStoreDownError(BlobStoreException cause) {
    super(cause.getMessage(), cause);
  }
}
