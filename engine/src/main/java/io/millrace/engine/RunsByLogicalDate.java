package io.millrace.engine;

import com.google.common.base.Throwables;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.millrace.engine.PreviousRunReader.Question;
import io.temporal.api.workflowservice.v1.CountWorkflowExecutionsRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds the runs of a DAG by their nominal times: those of schedules and backfills, and reruns. */
final class RunsByLogicalDate {

  private static final String NOMINAL = DataInterval.SCHEDULED_START.getName();
  private static final Duration FIRST_LOOK = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Instant NEVER = Instant.parse("1999-12-31T00:00:00Z");

  /** So many runs are listed; of more, the later half of their time is taken. */
  private static final int FEW = 100;

  private final WorkflowClient client;
  private final String dag;

  RunsByLogicalDate(WorkflowClient client, String dag) {
    this.client = client;
    this.dag = dag;
  }

  /**
   * The run before: of several for one date, as reruns are, the one that was started last. Empty if
   * it has not begun, or there is none.
   */
  Optional<WorkflowExecutionMetadata> before(Question question) {
    Instant adjacent = question.adjacent();
    if (adjacent != null) {
      List<WorkflowExecutionMetadata> found = new ArrayList<>(at(adjacent));
      // By its id as well: the list lags behind.
      byId("%s-%s".formatted(dag, adjacent)).ifPresent(found::add);
      if (!found.isEmpty() || question.certain()) {
        return latest(found);
      }
    }
    return lastDateBefore(question.nominal()).flatMap(date -> latest(at(date)));
  }

  private Optional<WorkflowExecutionMetadata> byId(String runId) {
    try {
      return Optional.of(client.newUntypedWorkflowStub(runId).describe());
    } catch (WorkflowNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The last date before this one of which there is a run. Few servers sort, but all count. */
  private Optional<Instant> lastDateBefore(Instant nominal) {
    Instant to = nominal;
    if (count(NEVER, to) == 0) {
      return Optional.empty();
    }
    Instant from = to.minus(FIRST_LOOK);
    long found = count(from, to);
    while (found == 0 && from.isAfter(NEVER)) {
      from = from.minus(Duration.between(from, nominal));
      found = count(from, to);
    }
    while (found > FEW && Duration.between(from, to).compareTo(SHORTEST) > 0) {
      Instant middle = from.plus(Duration.between(from, to).dividedBy(2));
      long later = count(middle, to);
      to = later == 0 ? middle : to;
      from = later == 0 ? from : middle;
      found = later == 0 ? found : later;
    }
    return between(from, to).stream().map(RunsByLogicalDate::nominal).max(Instant::compareTo);
  }

  private static Instant nominal(WorkflowExecutionMetadata run) {
    OffsetDateTime time = run.getTypedSearchAttributes().get(DataInterval.SCHEDULED_START);
    return time == null ? run.getStartTime() : time.toInstant();
  }

  private long count(Instant from, Instant to) {
    return ifListed(() -> countListed(from, to), 0L);
  }

  private long countListed(Instant from, Instant to) {
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .countWorkflowExecutions(
            CountWorkflowExecutionsRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setQuery(query(from, to))
                .build())
        .getCount();
  }

  private List<WorkflowExecutionMetadata> at(Instant date) {
    return between(date, date.plus(SHORTEST));
  }

  private List<WorkflowExecutionMetadata> between(Instant from, Instant to) {
    return ifListed(() -> listed(from, to), List.of());
  }

  private List<WorkflowExecutionMetadata> listed(Instant from, Instant to) {
    try (Stream<WorkflowExecutionMetadata> runs = client.listExecutions(query(from, to))) {
      return runs.toList();
    }
  }

  /**
   * The in-memory server of {@code DagTest} keeps no list: there, a run is known by its id alone.
   */
  private static <T> T ifListed(Supplier<T> look, T otherwise) {
    try {
      return look.get();
    } catch (RuntimeException e) {
      if (Throwables.getRootCause(e) instanceof StatusRuntimeException status
          && status.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return otherwise;
      }
      throw e;
    }
  }

  /** Nominal times from one, inclusive, to another, exclusive. */
  private String query(Instant from, Instant to) {
    return "WorkflowType = '%s' AND %s >= '%s' AND %s < '%s'"
        .formatted(dag, NOMINAL, from, NOMINAL, to);
  }

  /** As the server knows it now, for the list lags behind. */
  private Optional<WorkflowExecutionMetadata> latest(List<WorkflowExecutionMetadata> runs) {
    return runs.stream()
        .max(Comparator.comparing(WorkflowExecutionMetadata::getStartTime))
        .flatMap(run -> byId(run.getExecution().getWorkflowId()));
  }
}
