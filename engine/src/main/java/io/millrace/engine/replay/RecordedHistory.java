package io.millrace.engine.replay;

import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the events of a run that is replayed come from. */
@FunctionalInterface
public interface RecordedHistory {

  /**
   * Reads a run's history.
   *
   * @return its events from the first one; reading on may ask the server for the next page
   */
  Iterator<HistoryEvent> events(WorkflowInfo run);

  /** The history that the server keeps, read page by page. */
  static RecordedHistory of(WorkflowClient client) {
    return run ->
        new Aside(() -> client.streamHistory(run.getWorkflowId(), run.getRunId()).iterator());
  }

  /** Reads on another thread, many events at a time: the SDK refuses calls of workflow threads. */
  final class Aside implements Iterator<HistoryEvent> {

    private static final int AT_ONCE = 1_000;

    private final Supplier<Iterator<HistoryEvent>> open;
    private final Deque<HistoryEvent> read = new ArrayDeque<>();
    private @Nullable Iterator<HistoryEvent> events;

    Aside(Supplier<Iterator<HistoryEvent>> open) {
      this.open = open;
    }

    @Override
    public boolean hasNext() {
      if (read.isEmpty()) {
        read.addAll(onAnotherThread(this::more));
      }
      return !read.isEmpty();
    }

    @Override
    public HistoryEvent next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return read.remove();
    }

    private List<HistoryEvent> more() {
      Iterator<HistoryEvent> from = events == null ? open.get() : events;
      events = from;
      List<HistoryEvent> more = new ArrayList<>();
      while (more.size() < AT_ONCE && from.hasNext()) {
        more.add(from.next());
      }
      return more;
    }

    private static <T> T onAnotherThread(Supplier<T> work) {
      FutureTask<T> task = new FutureTask<>(work::get);
      Thread thread = new Thread(task, "recorded-history");
      thread.setDaemon(true);
      thread.start();
      try {
        return task.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while a history was read", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException("A history cannot be read", e.getCause());
      }
    }
  }
}
