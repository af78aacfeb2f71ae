package io.millrace.engine.logs;

import io.temporal.activity.ActivityInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of a task.
 *
 * @param dag the DAG
 * @param run the run's workflow id; of an item that a child run works off, the DAG run's
 * @param task the task id
 * @param item which item of a mapped task: the name that {@code named} gave it, else its number;
 *     null if the task is not mapped
 * @param scheduledAt when the run asked for it; the same for all its tries, and another one after
 *     the task was cleared
 * @param attempt from 1
 */
public record TaskTry(
    String dag, String run, String task, @Nullable String item, Instant scheduledAt, int attempt) {

  static TaskTry of(TaskLabel label, ActivityInfo activity) {
    return new TaskTry(
        label.dag() == null ? activity.getWorkflowType() : label.dag(),
        label.run() == null ? activity.getWorkflowId() : label.run(),
        label.task(),
        label.item(),
        Instant.ofEpochMilli(activity.getScheduledTimestamp()),
        activity.getAttempt());
  }

  /** {@code task} or {@code task[item]}, as the Web UI's timeline has it. */
  public String label() {
    return item == null ? task : "%s[%s]".formatted(task, item);
  }
}
