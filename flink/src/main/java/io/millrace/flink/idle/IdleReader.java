package io.millrace.flink.idle;

import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** Reports when checkpoints cover all that it has emitted, and when they no longer do. */
@SuppressWarnings("try") // close() throws what the wrapped reader throws
final class IdleReader<T, S extends SourceSplit> implements SourceReader<T, S> {
  private final SourceReader<T, S> reader;
  private final SourceReaderContext context;

  /** How many messages the reader has emitted since it started. */
  private final Counter emitted;

  /** By checkpoint that is neither complete nor aborted: what was emitted before it. */
  private final TreeMap<Long, Long> emittedBefore = new TreeMap<>();

  /** A reader that starts may have output that no completed checkpoint covers. */
  private boolean idle;

  private long covered;

  IdleReader(SourceReader<T, S> reader, SourceReaderContext context) {
    this.reader = reader;
    this.context = context;
    this.emitted = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    InputStatus status = reader.pollNext(output);
    if (idle && emitted.getCount() != covered) {
      report(false);
    }
    return status;
  }

  @Override
  public List<S> snapshotState(long checkpoint) {
    emittedBefore.put(checkpoint, emitted.getCount());
    return reader.snapshotState(checkpoint);
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) throws Exception {
    @Nullable Long before = emittedBefore.get(checkpoint);
    emittedBefore.headMap(checkpoint, true).clear();
    if (!idle && before != null && before == emitted.getCount()) {
      covered = before;
      report(true);
    }
    reader.notifyCheckpointComplete(checkpoint);
  }

  @Override
  public void notifyCheckpointAborted(long checkpoint) throws Exception {
    emittedBefore.remove(checkpoint);
    reader.notifyCheckpointAborted(checkpoint);
  }

  private void report(boolean now) {
    idle = now;
    context.sendSourceEventToCoordinator(new ReaderIdle(now));
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return reader.isAvailable();
  }

  @Override
  public void addSplits(List<S> splits) {
    reader.addSplits(splits);
  }

  @Override
  public void notifyNoMoreSplits() {
    reader.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    reader.handleSourceEvents(event);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
    reader.pauseOrResumeSplits(pause, resume);
  }

  @Override
  public void close() throws Exception {
    reader.close();
  }
}
