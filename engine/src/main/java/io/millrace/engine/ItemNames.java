package io.millrace.engine;

import io.temporal.workflow.Functions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of a mapped task's items: no two are the same. */
final class ItemNames {

  /** The server takes summaries of 400 bytes; the rest is for brackets and a number. */
  private static final int MAX_SUMMARY = 385;

  private final List<String> names;
  private final Map<String, Integer> places = new LinkedHashMap<>();

  private ItemNames(List<String> names) {
    this.names = names;
    for (int i = 0; i < names.size(); i++) {
      places.put(names.get(i), i);
    }
  }

  static final ItemNames NONE = new ItemNames(List.of());

  /** Cuts a name to so many bytes, so that the server takes it as a part of a summary. */
  private static String cut(String name, int bytes) {
    String cut = name;
    while (cut.getBytes(StandardCharsets.UTF_8).length > bytes) {
      cut = cut.substring(0, cut.length() * 9 / 10);
    }
    return cut.equals(name) ? name : cut + "…";
  }

  /**
   * Names items. A name that an earlier item has gets a number: {@code eu#2}.
   *
   * @param naming the author's, or null to name each by its place
   */
  static <X> ItemNames of(
      String taskId, List<X> items, Functions.@Nullable Func1<X, String> naming) {
    List<String> names = new ArrayList<>();
    Set<String> used = new LinkedHashSet<>();
    Map<String, Integer> times = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      String wanted =
          naming == null
              ? String.valueOf(i)
              : cut(String.valueOf(naming.apply(items.get(i))), MAX_SUMMARY - taskId.length());
      String name = wanted;
      while (!used.add(name)) {
        name = "%s#%d".formatted(wanted, times.merge(wanted, 1, Integer::sum) + 1);
      }
      names.add(name);
    }
    return new ItemNames(names);
  }

  String of(int index) {
    return names.get(index);
  }

  /**
   * The place of an item.
   *
   * @param item its name, or its place
   * @throws IllegalArgumentException if there is none
   */
  int find(String taskId, String item) {
    Integer place = places.get(item);
    if (place == null && item.matches("\\d{1,9}") && Integer.parseInt(item) < names.size()) {
      place = Integer.parseInt(item);
    }
    if (place == null) {
      throw new IllegalArgumentException(
          names.isEmpty()
              ? "Task '%s' has no item '%s': it has not been expanded".formatted(taskId, item)
              : "Task '%s' has no item '%s'; it has %d, from '%s' to '%s'"
                  .formatted(
                      taskId, item, names.size(), names.get(0), names.get(names.size() - 1)));
    }
    return place;
  }
}
