package io.millrace.engine;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a run has going on at once, and what one workflow task sends, below the limits at
 * which the server fails the workflow task for ever or ends the run: 2,000 pending activities and
 * child runs each, and 4 MB a message. What must wait starts when something has ended, or in the
 * next workflow task.
 */
final class Throttle {

  static final int MAX_PENDING = 1_500;

  static final int MAX_BYTES = 2_000_000;

  private final Set<Node<?, ?>> waiting = new LinkedHashSet<>();
  private int pending;
  private long bytes;
  private long workflowTask = -1;
  private @Nullable CancellationScope pause;

  /** Whether a node may start a call now; if not, it is looked at again when it may. */
  boolean admits(Node<?, ?> node) {
    if (Workflow.getInfo().getHistoryLength() != workflowTask) {
      workflowTask = Workflow.getInfo().getHistoryLength();
      bytes = 0;
    }
    if (pending < MAX_PENDING && bytes < MAX_BYTES) {
      waiting.remove(node);
      return true;
    }
    waiting.add(node);
    if (bytes >= MAX_BYTES && pause == null) {
      pause = Timers.start(Duration.ofMillis(1), this::nextWorkflowTask);
    }
    return false;
  }

  private void nextWorkflowTask() {
    pause = null;
    bytes = 0;
    wake(waiting.size());
  }

  /** Counts a call that has been started. */
  void started(Promise<?> call, int size) {
    pending++;
    bytes += size;
    call.handle(
        (value, failure) -> {
          pending--;
          wake(MAX_PENDING - pending);
          return null;
        });
  }

  private void wake(int count) {
    List.copyOf(waiting).stream().limit(count).forEach(Node::changed);
  }
}
