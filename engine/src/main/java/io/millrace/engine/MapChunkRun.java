package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ExternalWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs a chunk: as many activities as it has items, and no thread for any. */
public final class MapChunkRun implements MapChunk {

  private static final int MAX_FAILURE = 1_000;

  private final List<@Nullable JsonNode> results = new ArrayList<>();
  private final Map<Integer, String> failures = new TreeMap<>();
  private final Set<Integer> skipped = new TreeSet<>();
  private final Set<Integer> dropped = new TreeSet<>();
  private final Set<Integer> queued = new TreeSet<>();
  private final List<Integer> redone = new ArrayList<>();
  private final List<Consumer<ItemQueue<JsonNode>>> early = new ArrayList<>();
  private @Nullable ItemQueue<JsonNode> queue;
  private boolean changed;
  private int bytes;

  @Override
  public Outcome run(Chunk chunk) {
    int size = chunk.items().size();
    results.addAll(Collections.nCopies(size, null));
    Calls calls = new Calls(chunk.dag());
    ItemQueue<JsonNode> items =
        new ItemQueue<>(
            IntStream.range(0, size).boxed().toList(),
            chunk.maxActive(),
            (place, end) -> start(calls, chunk, place, end),
            (place, value, failure) -> ended(chunk, place, value, failure));
    queue = items;
    early.forEach(request -> request.accept(items));
    try {
      while (!items.isDone()) {
        changed = false;
        items.advance(() -> true);
        Workflow.await(() -> changed);
      }
    } catch (CanceledFailure e) {
      items.stop();
      Workflow.newDetachedCancellationScope(
              () -> {
                Workflow.await(items::isDone);
                signalParent(chunk, items);
              })
          .run();
      calls.close();
      throw e;
    }
    calls.close();
    return outcome(items);
  }

  private Outcome outcome(ItemQueue<JsonNode> items) {
    Set<Integer> open = new TreeSet<>(items.waiting());
    open.addAll(dropped);
    return new Outcome(results, failures, skipped, open, redone);
  }

  /** A cancelled run has no result; without this, all that it has done would be lost. */
  private void signalParent(Chunk chunk, ItemQueue<JsonNode> items) {
    String parent = Workflow.getInfo().getParentWorkflowId().orElse(null);
    if (parent == null
        || Workflow.getVersion("chunk-sends-outcome", Workflow.DEFAULT_VERSION, 1) != 1) {
      return;
    }
    for (int place : queued) {
      failures.remove(place);
      dropped.add(place);
    }
    ExternalWorkflowStub run = Workflow.newUntypedExternalWorkflowStub(parent);
    Stopped stopped = new Stopped(chunk.taskId(), chunk.summary(), outcome(items));
    Async.procedure(() -> run.signal(STOPPED, stopped))
        .handle((sent, failure) -> null) // it may have ended before
        .get();
  }

  @Override
  public void again(int place) {
    request(
        items -> {
          forget(place);
          dropped.remove(place);
          redone.add(place);
          items.again(place);
        });
  }

  @Override
  public void drop(int place) {
    request(
        items -> {
          forget(place);
          dropped.add(place);
          items.drop(place);
        });
  }

  private void request(Consumer<ItemQueue<JsonNode>> what) {
    if (queue == null) {
      early.add(what);
    } else {
      what.accept(queue);
      changed = true;
    }
  }

  private void forget(int place) {
    results.set(place, null);
    failures.remove(place);
    skipped.remove(place);
  }

  private Execution start(Calls calls, Chunk chunk, int place, Execution.Ended<JsonNode> end) {
    return Execution.start(
        false,
        () -> call(calls, chunk, place),
        (value, failure) -> {
          end.ended(value, failure);
          wake();
        });
  }

  /**
   * The end of an execution that is not wanted any more counts too: the item may be waiting for it,
   * to be done again, or may be the last that the chunk waits for.
   */
  private void wake() {
    if (!changed
        && Workflow.getVersion("chunk-counts-all-ends", Workflow.DEFAULT_VERSION, 1) == 1) {
      changed = true;
    }
  }

  private Promise<JsonNode> call(Calls calls, Chunk chunk, int place) {
    Item item = chunk.items().get(place);
    RecordedCall call =
        new RecordedCall(
            RecordedCall.Kind.ACTIVITY,
            item.activity(),
            ExactJson.class,
            ExactJson.class,
            item.args());
    return calls
        .<ExactJson>make(
            call,
            Target.label(chunk.taskId(), item.name()),
            chunk.policy(),
            chunk.priority(),
            new Calls.Slots() {
              @Override
              public void waits() {
                queued.add(place);
              }

              @Override
              public void granted() {
                queued.remove(place);
              }
            })
        .thenApply(result -> result == null ? null : result.value());
  }

  private void ended(
      Chunk chunk, int place, @Nullable JsonNode value, @Nullable RuntimeException failure) {
    changed = true;
    if (failure == null) {
      results.set(place, value);
      count(value);
    } else if (Failures.isSkip(failure)) {
      skipped.add(place);
    } else {
      String why = "%s: %s".formatted(chunk.items().get(place).name(), Failures.messageOf(failure));
      failures.put(place, why.length() <= MAX_FAILURE ? why : why.substring(0, MAX_FAILURE) + "…");
    }
  }

  /** What is left when the results get large is for another chunk: the outcome is one payload. */
  private void count(@Nullable JsonNode value) {
    int before = bytes;
    bytes += value == null ? 4 : value.toString().length();
    if (before <= MAX_RESULT_BYTES
        && bytes > MAX_RESULT_BYTES
        && Workflow.getVersion("chunk-ends-early", Workflow.DEFAULT_VERSION, 1) == 1
        && queue != null) {
      queue.stop();
    }
  }
}
