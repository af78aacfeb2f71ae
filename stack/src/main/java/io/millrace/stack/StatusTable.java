package io.millrace.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Status rows as a table of fixed-width text. */
public final class StatusTable {
  private static final List<String> HEAD =
      List.of("NAME", "STATE", "ADDRESS", "PID", "MEMORY", "LOG");

  private StatusTable() {}

  /** The table with its head, and a last line with the memory of all; lines end in a newline. */
  public static String format(List<StatusRow> rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(HEAD);
    rows.forEach(row -> cells.add(cells(row)));
    long total = rows.stream().mapToLong(StatusRow::memoryBytes).sum();
    cells.add(List.of("", "", "", "", memory(total), ""));
    StringBuilder text = new StringBuilder();
    for (List<String> line : cells) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = cells.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
        out.append(("%-" + Math.max(1, width) + "s  ").formatted(line.get(i)));
      }
      text.append(out.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static List<String> cells(StatusRow row) {
    return List.of(
        row.name(),
        row.state().name().toLowerCase(Locale.ROOT),
        row.address(),
        row.pid() == 0 ? "-" : String.valueOf(row.pid()),
        memory(row.memoryBytes()),
        row.log().toString());
  }

  private static String memory(long bytes) {
    return bytes == 0 ? "-" : (bytes >> 20) + " MB";
  }
}
