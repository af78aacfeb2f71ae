package io.millrace.engine;

import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The items of a mapped task that are too many for its run, in child runs of at most {@link
 * MapChunk#SIZE} items and {@link MapChunk#MAX_BYTES} of arguments.
 *
 * @param <R> the type of one result
 */
final class Chunks<R> implements MapWork {

  private final Mapped<?, R> task;
  private final Items<R> items;
  private final int maxRunning;
  private final int maxActive;
  private final int round;
  private final Deque<Integer> open;
  private final Set<Running> running = new LinkedHashSet<>();
  private boolean stopped;

  /** A child run that goes on. */
  private static final class Running {
    final List<Integer> indexes;
    final List<RecordedCall> calls;
    final ChildWorkflowStub stub;
    final String summary;

    /** How often each item was to be done again. */
    final Map<Integer, Integer> again = new TreeMap<>();

    /** What it had done when it was cancelled. */
    MapChunk.@Nullable Outcome stopped;

    Running(
        List<Integer> indexes, List<RecordedCall> calls, ChildWorkflowStub stub, String summary) {
      this.indexes = indexes;
      this.calls = calls;
      this.stub = stub;
      this.summary = summary;
    }
  }

  /**
   * Prepares the work.
   *
   * @param items those that are open are worked off
   * @param maxActive how many items are under way at the same time, over all chunks
   */
  Chunks(Mapped<?, R> task, Items<R> items, int maxActive, int round) {
    this.task = task;
    this.items = items;
    this.round = round;
    this.open = new ArrayDeque<>(items.open());
    int chunks = (open.size() + MapChunk.SIZE - 1) / MapChunk.SIZE;
    this.maxRunning = Math.min(Math.min(chunks, MapChunk.MAX_ACTIVE), maxActive);
    this.maxActive = Math.max(1, maxActive / maxRunning);
  }

  @Override
  public boolean canAdvance() {
    return !stopped && running.size() < maxRunning && !open.isEmpty();
  }

  @Override
  public void advance(BooleanSupplier admits) {
    while (canAdvance() && admits.getAsBoolean()) {
      start();
    }
  }

  private void start() {
    List<Integer> indexes = new ArrayList<>();
    List<RecordedCall> calls = new ArrayList<>();
    int bytes = 0;
    while (!open.isEmpty() && indexes.size() < MapChunk.SIZE) {
      RecordedCall call = task.callOf(open.element());
      int more = call.size();
      if (!indexes.isEmpty() && bytes + more > MapChunk.MAX_BYTES && cutsBySize()) {
        break;
      }
      indexes.add(open.remove());
      calls.add(call);
      bytes += more;
    }
    String summary =
        MapChunk.Chunk.summary(task.id(), indexes.get(0), indexes.get(indexes.size() - 1));
    NodeCalls of = task.run().calls();
    Running chunk = new Running(indexes, calls, of.chunk(summary), summary);
    List<MapChunk.Item> chunked = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      chunked.add(MapChunk.Item.of(task.nameOf(indexes.get(i)), calls.get(i)));
    }
    MapChunk.Chunk input =
        of.chunkOf(task, indexes.get(0), indexes.get(indexes.size() - 1), chunked, maxActive);
    int size = bytes;
    running.add(chunk);
    task.life().worked();
    task.life()
        .<MapChunk.Outcome>execute(
            false,
            () -> of.start(chunk.stub, input, size),
            (outcome, failure) -> {
              running.remove(chunk);
              if (round == task.life().round()) {
                task.guarded(() -> ended(chunk, outcome, failure));
              }
              task.executionEnded();
            });
  }

  private static boolean cutsBySize() {
    return Workflow.getVersion("chunks-by-size", Workflow.DEFAULT_VERSION, 1) == 1;
  }

  /** Keeps what a cancelled chunk has done, which it sends before its end. */
  void stopped(MapChunk.Stopped chunk) {
    running.stream()
        .filter(each -> each.summary.equals(chunk.chunk()))
        .forEach(each -> each.stopped = chunk.outcome());
  }

  private void ended(
      Running chunk, MapChunk.@Nullable Outcome outcome, @Nullable RuntimeException failure) {
    MapChunk.Outcome known = outcome == null ? chunk.stopped : outcome;
    String why = failure == null ? "no outcome" : Failures.messageOf(failure);
    for (int place = 0; place < chunk.indexes.size(); place++) {
      int index = chunk.indexes.get(place);
      if (items.state(index) != Items.State.OPEN) {
        continue; // decided by hand
      }
      if (known != null && !missed(chunk, known, place)) {
        take(index, chunk.calls.get(place), known, place);
      } else if (outcome == null && (known == null || !stopped)) {
        items.fail(index, "%s: %s".formatted(task.nameOf(index), why));
      } else {
        open.add(index);
      }
    }
    task.someEnded();
  }

  /** Whether the chunk has left an item, or does not know that it is to be done again. */
  private static boolean missed(Running chunk, MapChunk.Outcome outcome, int place) {
    int wanted = chunk.again.getOrDefault(place, 0);
    return outcome.open().contains(place)
        || Collections.frequency(outcome.redone(), place) < wanted;
  }

  private void take(int index, RecordedCall call, MapChunk.Outcome outcome, int place) {
    String failure = outcome.failures().get(place);
    if (failure != null) {
      items.fail(index, failure);
    } else if (outcome.skipped().contains(place)) {
      items.skip(index);
    } else {
      items.succeed(index, Json.read(outcome.results().get(place), call.resultType()));
    }
  }

  @Override
  public void again(int index) {
    for (Running chunk : running) {
      int place = chunk.indexes.indexOf(index);
      if (place >= 0) {
        chunk.again.merge(place, 1, Integer::sum);
        signal(chunk, run -> run::again, place);
        return;
      }
    }
    if (!open.contains(index)) {
      open.add(index);
    }
  }

  @Override
  public void drop(int index) {
    open.remove((Object) index);
    for (Running chunk : running) {
      int place = chunk.indexes.indexOf(index);
      if (place >= 0) {
        signal(chunk, run -> run::drop, place);
      }
    }
  }

  /** A chunk that has ended meanwhile does not get it; its outcome shows that. */
  private static void signal(
      Running chunk, Functions.Func1<MapChunk, Functions.Proc1<Integer>> what, int place) {
    chunk
        .stub
        .getExecution()
        .thenCompose(
            started ->
                Async.procedure(
                    what.apply(
                        Workflow.newExternalWorkflowStub(MapChunk.class, started.getWorkflowId())),
                    place))
        .handle((sent, failure) -> null);
  }

  @Override
  public void stop() {
    stopped = true;
  }

  @Override
  public boolean isDone() {
    return running.isEmpty() && (stopped || open.isEmpty());
  }
}
