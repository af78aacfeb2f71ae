package io.millrace.engine.schedule;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks, waits, looks again. */
final class ScheduleWatchImpl implements ScheduleWatch {

  /** At about ten events a look the history stays below 2,500. */
  private static final int LOOKS_PER_HISTORY = 240;

  private final Look server =
      Workflow.newActivityStub(
          Look.class,
          ActivityOptions.newBuilder()
              .setStartToCloseTimeout(Duration.ofMinutes(2))
              .setRetryOptions(
                  RetryOptions.newBuilder().setMaximumInterval(Duration.ofMinutes(1)).build())
              .setSummary("look at the schedules")
              .build());

  private Memory memory = Memory.empty();

  @Override
  public void run(@Nullable Memory remembered) {
    memory = remembered == null ? memory : remembered;
    for (int look = 0; look < LOOKS_PER_HISTORY; look++) {
      Seen seen = server.look(memory.seen(), memory.paused());
      List<ScheduleAlert> alerts = new ArrayList<>(seen.alerts());
      alerts.addAll(memory.alerts());
      SortedMap<String, Instant> paused = seen.paused() == null ? new TreeMap<>() : seen.paused();
      memory = new Memory(seen.counters(), alerts, memory.every(), paused);
      Workflow.setCurrentDetails(details());
      Workflow.sleep(memory.every());
    }
    Workflow.continueAsNew(memory);
  }

  @Override
  public List<ScheduleAlert> alerts() {
    return memory.alerts();
  }

  private String details() {
    String lines =
        memory.alerts().stream()
            .map(alert -> "%s  %s".formatted(alert.seenAt(), alert.message()))
            .collect(Collectors.joining("\n"));
    return "Last look at %s: %d schedules.\n\n```text\n%s\n```\n"
        .formatted(
            Instant.ofEpochMilli(Workflow.currentTimeMillis()),
            memory.seen().size(),
            lines.isEmpty() ? "no run was lost" : lines);
  }
}
