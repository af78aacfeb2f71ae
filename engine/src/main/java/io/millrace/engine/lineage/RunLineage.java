package io.millrace.engine.lineage;

import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.WorkflowLocal;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells the lineage of one run, if its worker has a {@link LineageInterceptor}. For workflow code:
 * it makes no command and no event in the history, a replay sends nothing again, and a worker that
 * is killed takes with it what it has not sent yet.
 */
public final class RunLineage {

  /** The setting of the worker of the current workflow; null for no lineage. */
  static final WorkflowLocal<@Nullable Settings> SETTINGS =
      WorkflowLocal.withCachedInitial(() -> null);

  private final String dag;
  private final Instant intervalStart;
  private final Instant intervalEnd;
  private final Set<String> started = new LinkedHashSet<>();
  private final Set<String> made = new LinkedHashSet<>();

  /** Where events go, and the namespace of jobs. */
  record Settings(LineageSink sink, String namespace) {}

  /** How a run or a task has ended. */
  public enum End {
    COMPLETE,
    FAIL,
    /** It was cancelled or skipped. */
    ABORT
  }

  public RunLineage(String dag, Instant intervalStart, Instant intervalEnd) {
    this.dag = dag;
    this.intervalStart = intervalStart;
    this.intervalEnd = intervalEnd;
  }

  /** The run has begun, because of some assets or none. */
  public void begun(Collection<String> triggeringAssets) {
    Settings settings = settings();
    if (settings != null) {
      emit(settings, run(settings, "START").inputs(new LinkedHashSet<>(triggeringAssets)));
    }
  }

  /** The run has ended. */
  public void ended(End how, Collection<String> triggeringAssets, @Nullable String error) {
    Settings settings = settings();
    if (settings != null) {
      emit(
          settings,
          run(settings, how.name())
              .inputs(new LinkedHashSet<>(triggeringAssets))
              .outputs(made)
              .error(error));
    }
  }

  /**
   * A task has begun.
   *
   * @param round counts its starts, so that one after a clear is a run of its own
   * @param inputs assets that the tasks before it make
   */
  public void taskBegun(String task, int round, Collection<String> inputs) {
    if (started.add(taskRun(task, round))) {
      Settings settings = settings();
      if (settings != null) {
        emit(settings, task(settings, "START", task, round, now()).inputs(inputs));
      }
    }
  }

  /** A task that had begun has ended; what it made counts only if it succeeded. */
  public void taskEnded(
      String task,
      int round,
      End how,
      Collection<String> inputs,
      Collection<String> outputs,
      String detail) {
    taskBegun(task, round, inputs);
    if (how == End.COMPLETE) {
      made.addAll(outputs);
    }
    Settings settings = settings();
    if (settings != null) {
      emit(
          settings,
          task(settings, how.name(), task, round, now())
              .inputs(inputs)
              .outputs(how == End.COMPLETE ? outputs : Set.of())
              .error(how == End.FAIL ? detail : null));
    }
  }

  private LineageEvent run(Settings settings, String type) {
    return new LineageEvent(type, now(), runId(), settings.namespace(), dag)
        .nominal(intervalStart, intervalEnd);
  }

  private LineageEvent task(Settings settings, String type, String task, int round, Instant at) {
    String id =
        UUID.nameUUIDFromBytes(taskRun(task, round).getBytes(StandardCharsets.UTF_8)).toString();
    return new LineageEvent(type, at, id, settings.namespace(), dag + "." + task)
        .parent(runId(), dag)
        .nominal(intervalStart, intervalEnd);
  }

  private static void emit(Settings settings, LineageEvent event) {
    settings.sink().emit(event.json());
  }

  /** Null also while the workflow is replayed. */
  private static @Nullable Settings settings() {
    return WorkflowUnsafe.isReplaying() ? null : SETTINGS.get();
  }

  private static String runId() {
    WorkflowInfo info = Workflow.getInfo();
    return info.getFirstExecutionRunId();
  }

  private static String taskRun(String task, int round) {
    return "%s/%s/%d".formatted(runId(), task, round);
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
