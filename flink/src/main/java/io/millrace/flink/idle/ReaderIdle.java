package io.millrace.flink.idle;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * What a reader reports to its enumerator when it changes.
 *
 * @param idle whether a completed checkpoint covers all messages that the reader has emitted
 */
record ReaderIdle(boolean idle) implements SourceEvent {
  private static final long serialVersionUID = 1L;
}
