package io.millrace.engine.payload;

import io.temporal.common.converter.DataConverterException;

/**
 * A payload cannot be decoded, and trying again will not help: its blob is gone or damaged, or its
 * key is not here. The message names the payload, what was expected and found, and the remedy.
 *
 * <p>As the result of a task it fails the task, as the input of a run it fails the run (given
 * {@code DagWorkers.register}), as an update it is rejected, and as a signal it is dropped.
 */
public final class UnreadablePayloadException extends DataConverterException {

  private static final long serialVersionUID = 1L;

  UnreadablePayloadException(String message) {
    super(message);
  }

  UnreadablePayloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
