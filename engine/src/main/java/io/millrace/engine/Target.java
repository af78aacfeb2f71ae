package io.millrace.engine;

import org.jspecify.annotations.Nullable;

/**
 * What an operation is about: a task, or one item of a mapped task, written {@code load[3]} by its
 * place or {@code load[eu]} by its name.
 *
 * @param task the task's id
 * @param item the item's place or name, or null for the whole task
 */
record Target(String task, @Nullable String item) {

  static Target parse(String label) {
    int bracket = label.indexOf('[');
    return bracket > 0 && label.endsWith("]")
        ? new Target(label.substring(0, bracket), label.substring(bracket + 1, label.length() - 1))
        : new Target(label, null);
  }

  /** Whether it is about a task, or an item, or about the whole task of an item. */
  boolean isOrHas(String otherTask, @Nullable String otherItem) {
    return task.equals(otherTask) && (item == null || item.equals(otherItem));
  }

  static String label(String task, String item) {
    return "%s[%s]".formatted(task, item);
  }
}
