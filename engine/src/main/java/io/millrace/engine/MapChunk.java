package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A child run that works off some of the items of a mapped task. */
@WorkflowInterface
public interface MapChunk {

  /** The workflow type. */
  String TYPE = "millrace_map";

  /** Items in one chunk: at six events an item its history stays below 4,096. */
  int SIZE = 500;

  /** Chunks of one task that run at the same time. */
  int MAX_ACTIVE = 4;

  /** About how many bytes of calls one chunk has: its input is one payload of at most 1 MB. */
  int MAX_BYTES = 900_000;

  /** A chunk with more bytes of results starts no more: its outcome is one payload as well. */
  int MAX_RESULT_BYTES = 400_000;

  /** The signal to the parent run, with a {@link Stopped}, before a cancelled chunk ends. */
  String STOPPED = "millrace_map_stopped";

  /**
   * Works off a chunk; failed items are in the outcome and do not fail the run. A cancelled chunk
   * has no outcome: it sends it to its parent.
   */
  @WorkflowMethod(name = TYPE)
  Outcome run(Chunk chunk);

  /** Does the item at a place again. */
  @SignalMethod
  void again(int place);

  /** Leaves out the item at a place: it was decided by hand. */
  @SignalMethod
  void drop(int place);

  /**
   * The calls to make.
   *
   * @param dag the DAG of the run that the items belong to
   * @param taskId the mapped task
   * @param first the place of its first item in the whole list
   * @param last the place of its last item
   * @param items in their order
   * @param policy how each is tried
   * @param priority of each, unless the policy has one
   * @param maxActive how many at a time
   */
  record Chunk(
      String dag,
      String taskId,
      int first,
      int last,
      List<Item> items,
      Policy policy,
      int priority,
      int maxActive) {

    /** What the Web UI shows of the chunk, and a part of its id: not names, which may be long. */
    static String summary(String taskId, int first, int last) {
      return "%s[%d..%d]".formatted(taskId, first, last);
    }

    String summary() {
      return summary(taskId, first, last);
    }
  }

  /**
   * One call.
   *
   * @param name of the item
   * @param activity the activity type
   * @param args as JSON, with every digit
   */
  record Item(
      String name,
      String activity,
      @JsonDeserialize(contentUsing = Json.ExactTree.class) List<JsonNode> args) {

    static Item of(String name, RecordedCall call) {
      return new Item(name, call.type(), call.args().stream().map(Json::tree).toList());
    }
  }

  /**
   * How the items ended, by their place in the chunk.
   *
   * @param results as JSON, with every digit; null for an item that did not succeed
   * @param failures what each failed item said
   * @param skipped the items that were skipped
   * @param open the items that the chunk has not done: dropped, left for another chunk because the
   *     results are large, or not begun when it was cancelled
   * @param redone the items that were done again by request, each as often as it was requested
   */
  record Outcome(
      @JsonDeserialize(contentUsing = Json.ExactTree.class) List<@Nullable JsonNode> results,
      Map<Integer, String> failures,
      Set<Integer> skipped,
      Set<Integer> open,
      List<Integer> redone) {

    public Outcome {
      open = open == null ? Set.of() : open; // a chunk that an older build ended
      redone = redone == null ? List.of() : redone;
    }

    /** Whether an item has succeeded. */
    boolean succeeded(int place) {
      return !failures.containsKey(place) && !skipped.contains(place) && !open.contains(place);
    }
  }

  /**
   * What a cancelled chunk has done.
   *
   * @param taskId the mapped task
   * @param chunk as {@link Chunk#summary} names it
   * @param outcome in which the items that had not begun are open
   */
  record Stopped(String taskId, String chunk, Outcome outcome) {}
}
