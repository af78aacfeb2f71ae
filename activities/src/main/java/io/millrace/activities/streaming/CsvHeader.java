package io.millrace.activities.streaming;

import io.millrace.core.events.EventField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The first line of a REES46 file: the nine columns of an event in any order, no more and no fewer.
 */
final class CsvHeader {
  private final int[] columnOfField;

  private CsvHeader(int[] columnOfField) {
    this.columnOfField = columnOfField;
  }

  /**
   * Checks the names.
   *
   * @throws InvalidInputException naming each column that is missing, unknown or there twice
   */
  static CsvHeader of(List<String> names, String file) {
    List<String> problems = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!EventField.names().contains(name)) {
        problems.add("unknown column '" + name + "'");
      } else if (!seen.add(name)) {
        problems.add("column '" + name + "' twice");
      }
    }
    for (String name : EventField.names()) {
      if (!seen.contains(name)) {
        problems.add("column '" + name + "' is missing");
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          file
              + ": the header does not fit: "
              + String.join(", ", problems)
              + ". Expected: "
              + String.join(",", EventField.names()));
    }
    return new CsvHeader(EventField.names().stream().mapToInt(names::indexOf).toArray());
  }

  int width() {
    return columnOfField.length;
  }

  /** The values of a row in the order of the event's fields. */
  List<String> inFieldOrder(List<String> row) {
    List<String> values = new ArrayList<>(columnOfField.length);
    for (int column : columnOfField) {
      values.add(row.get(column));
    }
    return values;
  }
}
