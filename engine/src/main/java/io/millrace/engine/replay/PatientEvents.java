package io.millrace.engine.replay;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.RetryElsewhereError;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.workflow.WorkflowInfo;
import java.util.Collections;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a run. One that the server no longer has (its retention is over) has none, which is
 * logged. Every other failure fails the workflow task, and so is tried again: a run whose history
 * cannot be read must neither fail nor go on unchecked.
 */
final class PatientEvents implements Iterator<HistoryEvent> {

  private static final Logger logger = LoggerFactory.getLogger(PatientEvents.class);

  private final WorkflowInfo run;
  private final Iterator<HistoryEvent> events;

  PatientEvents(RecordedHistory history, WorkflowInfo run) {
    this.run = run;
    this.events = open(history);
  }

  /** A history that cannot be read now. */
  static final class UnreadableHistoryError extends RetryElsewhereError {
    private static final long serialVersionUID = 1;

    UnreadableHistoryError(WorkflowInfo run, RuntimeException cause) {
      super(
          "The history of run %s cannot be read, so it cannot be compared with the code; the workflow task is tried again"
              .formatted(run.getWorkflowId()),
          cause);
    }
  }

  private Iterator<HistoryEvent> open(RecordedHistory history) {
    try {
      return history.events(run);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw new UnreadableHistoryError(run, e);
      }
      logger.warn(
          "Run {} ({}) is replayed without being compared with its history: the server has none",
          run.getWorkflowId(),
          run.getRunId(),
          e);
      return Collections.emptyIterator();
    } catch (RuntimeException e) {
      throw new UnreadableHistoryError(run, e);
    }
  }

  @Override
  public boolean hasNext() {
    try {
      return events.hasNext();
    } catch (RuntimeException e) {
      throw new UnreadableHistoryError(run, e);
    }
  }

  @Override
  public HistoryEvent next() {
    try {
      return events.next();
    } catch (RuntimeException e) {
      throw new UnreadableHistoryError(run, e);
    }
  }
}
