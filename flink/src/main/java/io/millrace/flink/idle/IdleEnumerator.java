package io.millrace.flink.idle;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/** Asks for the longer interval between checkpoints while all readers are idle. */
final class IdleEnumerator<S extends SourceSplit, E> implements SplitEnumerator<S, E> {
  private final SplitEnumerator<S, E> enumerator;
  private final SplitEnumeratorContext<S> context;
  private final BitSet idleReaders = new BitSet();
  private boolean idle;

  IdleEnumerator(SplitEnumerator<S, E> enumerator, SplitEnumeratorContext<S> context) {
    this.enumerator = enumerator;
    this.context = context;
  }

  @Override
  public void start() {
    // The job may have been idle before a failure that made this enumerator.
    context.setIsProcessingBacklog(false);
    enumerator.start();
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    if (event instanceof ReaderIdle reader) {
      set(subtask, reader.idle());
    } else {
      enumerator.handleSourceEvent(subtask, event);
    }
  }

  @Override
  public void addReader(int subtask) {
    set(subtask, false);
    enumerator.addReader(subtask);
  }

  @Override
  public void addSplitsBack(List<S> splits, int subtask) {
    set(subtask, false);
    enumerator.addSplitsBack(splits, subtask);
  }

  private void set(int subtask, boolean isIdle) {
    idleReaders.set(subtask, isIdle);
    boolean all = idleReaders.cardinality() == context.currentParallelism();
    if (all != idle) {
      idle = all;
      context.setIsProcessingBacklog(all);
    }
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    enumerator.handleSplitRequest(subtask, host);
  }

  @Override
  public E snapshotState(long checkpoint) throws Exception {
    return enumerator.snapshotState(checkpoint);
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    enumerator.notifyCheckpointComplete(checkpoint);
  }

  @Override
  public void notifyCheckpointAborted(long checkpoint) throws Exception {
    enumerator.notifyCheckpointAborted(checkpoint);
  }

  @Override
  public void close() throws IOException {
    enumerator.close();
  }
}
