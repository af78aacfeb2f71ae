package io.millrace.engine.payload;

/**
 * The blob store cannot be reached, or refuses. What was tried may work later: an activity that
 * meets this is retried by its policy.
 */
public final class BlobStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BlobStoreException(String message) {
    super(message);
  }

  public BlobStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
