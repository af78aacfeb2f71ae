package io.millrace.activities.warehouse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The SQL condition that a row belongs to one of some objects, in a form that a range index answers
 * with few searches: an array of ids would cost a search of the whole index for each.
 */
public final class ObjectIds {
  private static final int MAX_RANGES = 16;

  private ObjectIds() {}

  /**
   * The condition.
   *
   * @param column an id column
   * @param objectIds at least one id, in any order
   */
  public static String condition(String column, Long[] objectIds) {
    long[] ids = Arrays.stream(objectIds).mapToLong(Long::longValue).sorted().distinct().toArray();
    List<String> ranges = ranges(column, ids);
    if (ranges.size() <= MAX_RANGES) {
      return ranges.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }
    String array = Arrays.stream(ids).mapToObj(Long::toString).collect(Collectors.joining(","));
    // The sum keeps the array away from the index.
    return "(%s AND %s + 0 = ANY ('{%s}'::bigint[]))"
        .formatted(between(column, ids[0], ids[ids.length - 1]), column, array);
  }

  private static List<String> ranges(String column, long[] ids) {
    List<String> ranges = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= ids.length; i++) {
      if (i == ids.length || ids[i] != ids[i - 1] + 1) {
        ranges.add(between(column, ids[from], ids[i - 1]));
        from = i;
      }
    }
    return ranges;
  }

  private static String between(String column, long first, long last) {
    return "%s BETWEEN %d AND %d".formatted(column, first, last);
  }
}
