package io.millrace.engine.matrix;

import io.millrace.engine.TriggerRule;
import java.util.List;

/**
 * One task of a generated graph.
 *
 * @param id a dot separates the group from the task
 * @param after the tasks right above it
 * @param setups the tasks that it tears down
 * @param items of a mapped task
 * @param automatic whether all items but {@link #MANUAL_ITEM} succeed at once
 * @param choice what a branch chooses; a short circuit goes on if it is {@code [go]} and throws if
 *     it is {@code [throw]}
 * @param slots of the run's pool that each call takes; 0 for none
 */
record TaskSpec(
    String id,
    Kind kind,
    List<String> after,
    TriggerRule rule,
    List<String> setups,
    int items,
    boolean automatic,
    List<String> choice,
    int slots) {

  /** The item that a test ends by hand in a map whose other items are automatic. */
  static final int MANUAL_ITEM = 7;

  static TaskSpec of(String id, Kind kind, String... after) {
    return new TaskSpec(
        id, kind, List.of(after), TriggerRule.ALL_SUCCESS, List.of(), 0, false, List.of("go"), 0);
  }

  TaskSpec withRule(TriggerRule other) {
    return new TaskSpec(id, kind, after, other, setups, items, automatic, choice, slots);
  }

  TaskSpec teardownOf(String... tasks) {
    return new TaskSpec(id, kind, after, rule, List.of(tasks), items, automatic, choice, slots);
  }

  TaskSpec withItems(int count) {
    return new TaskSpec(id, kind, after, rule, setups, count, count > 100, choice, slots);
  }

  TaskSpec choosing(String... ids) {
    return new TaskSpec(id, kind, after, rule, setups, items, automatic, List.of(ids), slots);
  }

  TaskSpec inPool(int count) {
    return new TaskSpec(id, kind, after, rule, setups, items, automatic, choice, count);
  }

  boolean tearsDown() {
    return !setups.isEmpty();
  }

  /** Whether its trigger rule lets it start only when all above have ended. */
  boolean awaitsAllAbove() {
    return switch (rule) {
      case ONE_FAILED, ONE_SUCCESS, ONE_DONE, ALWAYS -> false;
      default -> true;
    };
  }

  boolean isAutomatic(int item) {
    return automatic && item != MANUAL_ITEM;
  }

  /** How the executions of the task, or of one of its items, are named. */
  String key(int item) {
    return item < 0 ? id : "%s[%d]".formatted(id, item);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(id).append(':').append(kind);
    if (kind.isMap()) {
      text.append('*').append(items);
    }
    if (!after.isEmpty()) {
      text.append(" after ").append(after);
    }
    if (rule != TriggerRule.ALL_SUCCESS) {
      text.append(' ').append(rule);
    }
    if (tearsDown()) {
      text.append(" teardown of ").append(setups);
    }
    if (kind == Kind.BRANCH || kind == Kind.SHORT_CIRCUIT) {
      text.append(" chooses ").append(choice);
    }
    return text.append(slots > 0 ? " slots " + slots : "").toString();
  }
}
