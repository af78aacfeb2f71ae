package io.millrace.flink.idle;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** Emits when it is told to, and keeps what is reported to its enumerator. */
final class FakeReader implements SourceReader<String, FakeSplit> {
  private final List<SourceEvent> reports = new ArrayList<>();
  private final Counter emitted = new SimpleCounter();
  private boolean emits;

  void willEmit() {
    emits = true;
  }

  List<SourceEvent> reports() {
    return reports;
  }

  @Override
  public InputStatus pollNext(ReaderOutput<String> output) {
    if (emits) {
      emitted.inc();
      emits = false;
      return InputStatus.MORE_AVAILABLE;
    }
    return InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public void start() {}

  @Override
  public List<FakeSplit> snapshotState(long checkpoint) {
    return List.of(new FakeSplit());
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void addSplits(List<FakeSplit> splits) {}

  @Override
  public void notifyNoMoreSplits() {}

  @Override
  public void close() {}

  /** Flink's metric groups for tests make a new counter at each call. */
  private <G> G metrics(Class<G> group) {
    return group.cast(
        Proxy.newProxyInstance(
            FakeReader.class.getClassLoader(),
            new Class<?>[] {group},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getIOMetricGroup" -> metrics(OperatorIOMetricGroup.class);
                  case "getNumRecordsInCounter" -> emitted;
                  default -> throw new UnsupportedOperationException(method.getName());
                }));
  }

  SourceReaderContext context() {
    return new SourceReaderContext() {
      @Override
      public SourceReaderMetricGroup metricGroup() {
        return metrics(SourceReaderMetricGroup.class);
      }

      @Override
      public Configuration getConfiguration() {
        return new Configuration();
      }

      @Override
      public String getLocalHostName() {
        return "localhost";
      }

      @Override
      public int getIndexOfSubtask() {
        return 0;
      }

      @Override
      public void sendSplitRequest() {}

      @Override
      public void sendSourceEventToCoordinator(SourceEvent event) {
        reports.add(event);
      }

      @Override
      public UserCodeClassLoader getUserCodeClassLoader() {
        return SimpleUserCodeClassLoader.create(FakeReader.class.getClassLoader());
      }
    };
  }
}
