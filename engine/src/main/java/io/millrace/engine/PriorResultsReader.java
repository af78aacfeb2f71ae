package io.millrace.engine;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowQueryException;
import io.temporal.common.WorkflowExecutionHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what the tasks of a run made from the run's history, whatever code made it. */
@ActivityInterface
public interface PriorResultsReader {

  /** The activity's type. */
  String TYPE = "millrace_former_results";

  /** The type of the activity that reads what a run was about. */
  String INPUT = "millrace_former_input";

  /** How many characters of JSON one part has, about: a payload must stay small. */
  int PART = 200_000;

  /**
   * Reads a run, open or closed.
   *
   * @param workflowId of its latest execution
   * @param from the first call of the part to read, or null for the first of all
   */
  @ActivityMethod(name = TYPE)
  PriorResults read(String workflowId, @Nullable Integer from);

  /**
   * Reads what a run was about.
   *
   * @param workflowId of its latest execution
   */
  @ActivityMethod(name = INPUT)
  PriorInput input(String workflowId);

  /** Reads with the client of the worker that runs the activity. */
  final class Impl implements PriorResultsReader {
    @Override
    public PriorResults read(String workflowId, @Nullable Integer from) {
      WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
      WorkflowExecutionHistory history = client.fetchHistory(workflowId);
      return part(
          new PriorResultsHistory(client.getOptions().getDataConverter(), workflowId)
              .of(history.getEvents()),
          from == null ? 0 : from);
    }

    @Override
    public PriorInput input(String workflowId) {
      WorkflowClient client = Activity.getExecutionContext().getWorkflowClient();
      RunInput started = RunInput.read(client, workflowId);
      try {
        RunReport report = new DagRuns(client, "").lastReport(workflowId);
        return new PriorInput(started.fields(), report.logicalDate(), report.intervalEnd());
      } catch (WorkflowFailedException | WorkflowQueryException e) {
        // It has left no report: its date is known all the same.
        Instant date = started.nominal() == null ? started.startedAt() : started.nominal();
        return new PriorInput(started.fields(), date, date);
      }
    }

    private static PriorResults part(List<PriorCall> all, int from) {
      List<PriorCall> part = new ArrayList<>();
      int size = 0;
      int next = from;
      while (next < all.size() && size < PART) {
        PriorCall call = all.get(next++);
        part.add(call);
        size += Json.tree(call).toString().length();
      }
      return PriorResults.of(part, next < all.size() ? next : null);
    }
  }
}
