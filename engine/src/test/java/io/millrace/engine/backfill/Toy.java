package io.millrace.engine.backfill;

import io.millrace.engine.schedule.ScheduledRun;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A workflow that stands for a DAG and writes down what it was told. */
@WorkflowInterface
public interface Toy {

  @WorkflowMethod(name = "toy")
  String run(@Nullable RawValue params);

  @SignalMethod
  void go();

  /** What it does to the world. */
  @ActivityInterface
  interface Diary {
    /**
     * Notes the begin of a run; tells whether it shall {@code end}, {@code fail} or {@code wait}.
     */
    String begin(Entry entry);

    void end(String runId);
  }

  /** What a run saw of itself. */
  record Entry(
      String runId,
      String params,
      String nominal,
      String scheduledBy,
      String backfill,
      int priority) {}

  /** The run. */
  final class Impl implements Toy {

    private final Diary diary =
        Workflow.newActivityStub(
            Diary.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(2)).build());
    private boolean go;

    @Override
    public String run(@Nullable RawValue params) {
      String id = Workflow.getInfo().getWorkflowId();
      String what = diary.begin(entry(id, params));
      try {
        Workflow.await(() -> go || !what.equals("wait"));
      } finally {
        Workflow.newDetachedCancellationScope(() -> diary.end(id)).run();
      }
      if (what.equals("fail")) {
        throw ApplicationFailure.newNonRetryableFailure("the stone broke", "Broken");
      }
      return "flour";
    }

    private static Entry entry(String id, @Nullable RawValue params) {
      var attributes = Workflow.getTypedSearchAttributes();
      return new Entry(
          id,
          params == null ? "" : params.getPayload().getData().toStringUtf8(),
          String.valueOf(
              attributes.get(SearchAttributeKey.forOffsetDateTime("TemporalScheduledStartTime"))),
          String.valueOf(attributes.get(SearchAttributeKey.forKeyword("TemporalScheduledById"))),
          ScheduledRun.ofCurrentRun().map(run -> String.valueOf(run.backfill())).orElse(""),
          Workflow.getInfo().getPriority().getPriorityKey());
    }

    @Override
    public void go() {
      go = true;
    }
  }

  /** Remembers. */
  final class DiaryImpl implements Diary {

    final List<Entry> entries = new CopyOnWriteArrayList<>();
    final Set<String> active = ConcurrentHashMap.newKeySet();
    final Set<String> failing = ConcurrentHashMap.newKeySet();
    volatile boolean waiting;
    private int mostActive;

    @Override
    public synchronized String begin(Entry entry) {
      entries.add(entry);
      active.add(entry.runId());
      mostActive = Math.max(mostActive, active.size());
      return failing.contains(entry.runId()) ? "fail" : waiting ? "wait" : "end";
    }

    @Override
    public synchronized void end(String runId) {
      active.remove(runId);
    }

    synchronized int mostActive() {
      return mostActive;
    }

    List<String> runs() {
      return entries.stream().map(Entry::runId).toList();
    }
  }
}
