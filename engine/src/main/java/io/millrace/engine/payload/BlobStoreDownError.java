package io.millrace.engine.payload;

import io.millrace.engine.RetryElsewhereError;

/** The blob store cannot be reached from workflow code: retried until the store is back. */
final class BlobStoreDownError extends RetryElsewhereError {

  private static final long serialVersionUID = 1L;

  BlobStoreDownError(BlobStoreException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
