package io.millrace.engine.replay;

import java.util.regex.Pattern;

/**
 * Compares names of tasks and items. Newer versions add {@code #2}, {@code #3} and so on to the
 * name of an item that another item has too; older ones did not.
 */
final class TaskNames {

  private static final Pattern NUMBER = Pattern.compile("#[0-9]+$");
  private static final Pattern NUMBER_IN_BRACKETS = Pattern.compile("#[0-9]+]$");

  private TaskNames() {}

  /** Whether two items have the same name. */
  static boolean isSameItem(String recorded, String current) {
    return recorded.equals(current) || bare(recorded).equals(bare(current));
  }

  /** Whether two calls, {@code task} or {@code task[item]}, are of the same task and item. */
  static boolean isSameCall(String recorded, String current) {
    return ReplayedIds.agree(recorded, current)
        || NUMBER_IN_BRACKETS
            .matcher(recorded)
            .replaceFirst("]")
            .equals(NUMBER_IN_BRACKETS.matcher(current).replaceFirst("]"));
  }

  private static String bare(String item) {
    return NUMBER.matcher(item).replaceFirst("");
  }
}
