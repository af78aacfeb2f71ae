package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs a chunk: as many activities as it has items, and no thread for any. */
public final class MapChunkRun implements MapChunk {

  private final Map<Integer, String> failures = new TreeMap<>();
  private final Set<Integer> skipped = new TreeSet<>();
  private boolean changed;

  @Override
  public Outcome run(Chunk chunk) {
    int size = chunk.items().size();
    List<@Nullable JsonNode> results = new ArrayList<>(Collections.nCopies(size, null));
    Calls calls = new Calls(chunk.dag());
    Fan<JsonNode> fan =
        new Fan<>(
            IntStream.range(0, size).boxed().toList(),
            chunk.maxActive(),
            place -> call(calls, chunk, place),
            (place, value, failure) -> {
              changed = true;
              if (failure == null) {
                results.set(place, value);
              } else {
                failed(chunk, place, failure);
              }
            });
    try {
      while (!fan.isDone()) {
        changed = false;
        fan.advance();
        Workflow.await(() -> changed);
      }
    } catch (CanceledFailure e) {
      fan.stop();
      Workflow.newDetachedCancellationScope(() -> Workflow.await(fan::isDone)).run();
      calls.close();
      throw e;
    }
    calls.close();
    return new Outcome(results, failures, skipped);
  }

  private static Promise<JsonNode> call(Calls calls, Chunk chunk, int place) {
    Item item = chunk.items().get(place);
    RecordedCall call =
        new RecordedCall(
            RecordedCall.Kind.ACTIVITY,
            item.activity(),
            JsonNode.class,
            JsonNode.class,
            item.args());
    return calls.make(
        call, "%s[%s]".formatted(chunk.taskId(), item.name()), chunk.policy(), chunk.priority());
  }

  private void failed(Chunk chunk, int place, RuntimeException failure) {
    if (Failures.isSkip(failure)) {
      skipped.add(place);
    } else {
      failures.put(
          place, "%s: %s".formatted(chunk.items().get(place).name(), Failures.messageOf(failure)));
    }
  }
}
