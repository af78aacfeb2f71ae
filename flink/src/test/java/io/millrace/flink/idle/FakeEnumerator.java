package io.millrace.flink.idle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.jspecify.annotations.Nullable;

/** Keeps the calls that reach it, and what is signalled to Flink. */
final class FakeEnumerator implements SplitEnumerator<FakeSplit, String> {
  private final int parallelism;
  private final List<Boolean> signals = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final List<SourceEvent> events = new ArrayList<>();

  FakeEnumerator(int parallelism) {
    this.parallelism = parallelism;
  }

  List<Boolean> signals() {
    return signals;
  }

  List<String> calls() {
    return calls;
  }

  List<SourceEvent> events() {
    return events;
  }

  @Override
  public void start() {
    calls.add("start");
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    calls.add("handleSplitRequest " + subtask);
  }

  @Override
  public void addSplitsBack(List<FakeSplit> splits, int subtask) {
    calls.add("addSplitsBack " + subtask);
  }

  @Override
  public void addReader(int subtask) {
    calls.add("addReader " + subtask);
  }

  @Override
  public String snapshotState(long checkpoint) {
    return "state";
  }

  @Override
  public void handleSourceEvent(int subtask, SourceEvent event) {
    events.add(event);
  }

  @Override
  public void close() {}

  SplitEnumeratorContext<FakeSplit> context() {
    return new SplitEnumeratorContext<>() {
      @Override
      public SplitEnumeratorMetricGroup metricGroup() {
        return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
      }

      @Override
      public void sendEventToSourceReader(int subtask, SourceEvent event) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int currentParallelism() {
        return parallelism;
      }

      @Override
      public Map<Integer, ReaderInfo> registeredReaders() {
        return Map.of();
      }

      @Override
      public void assignSplits(SplitsAssignment<FakeSplit> splits) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void signalNoMoreSplits(int subtask) {
        throw new UnsupportedOperationException();
      }

      @Override
      public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
        throw new UnsupportedOperationException();
      }

      @Override
      public <T> void callAsync(
          Callable<T> callable, BiConsumer<T, Throwable> handler, long initial, long period) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void runInCoordinatorThread(Runnable runnable) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void setIsProcessingBacklog(boolean backlog) {
        signals.add(backlog);
      }
    };
  }
}
