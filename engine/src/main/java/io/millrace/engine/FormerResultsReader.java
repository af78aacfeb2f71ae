package io.millrace.engine;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the tasks of a run made from the run's history, whatever code made it. */
@ActivityInterface
public interface FormerResultsReader {

  /** The activity's type. */
  String TYPE = "millrace_former_results";

  /** How many characters of JSON one part has, about: a payload must stay small. */
  int PART = 200_000;

  /**
   * Reads a run, open or closed.
   *
   * @param workflowId of its latest execution
   * @param from the first call of the part to read, or null for the first of all
   */
  @ActivityMethod(name = TYPE)
  FormerResults read(String workflowId, @Nullable Integer from);

  /** Reads with the client of the worker that runs the activity. */
  final class Impl implements FormerResultsReader {
    @Override
    public FormerResults read(String workflowId, @Nullable Integer from) {
      WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
      WorkflowExecutionHistory history = client.fetchHistory(workflowId);
      return part(
          new FormerResultsHistory(client.getOptions().getDataConverter(), workflowId)
              .of(history.getEvents()),
          from == null ? 0 : from);
    }

    private static FormerResults part(List<FormerCall> all, int from) {
      List<FormerCall> part = new ArrayList<>();
      int size = 0;
      int next = from;
      while (next < all.size() && size < PART) {
        FormerCall call = all.get(next++);
        part.add(call);
        size += Json.tree(call).toString().length();
      }
      return FormerResults.of(part, next < all.size() ? next : null);
    }
  }
}
