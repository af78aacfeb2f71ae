package io.millrace.workers.cli;

import java.util.List;

/** Lines at the bottom of a terminal that are drawn again and again; nothing for a log. */
public final class LiveLines {
  private final Console console;
  private int drawn;

  public LiveLines(Console console) {
    this.console = console;
  }

  /** Replaces what was drawn before. Lines are cut to the terminal's width. */
  public synchronized void draw(List<String> lines) {
    if (!console.interactive()) {
      return;
    }
    erase();
    int width = console.columns() - 1;
    for (String line : lines) {
      console.err().println(line.length() > width ? line.substring(0, width) : line);
    }
    drawn = lines.size();
  }

  /** Removes what was drawn. */
  public synchronized void erase() {
    if (drawn > 0) {
      console.err().printf("\u001b[%dA\u001b[J", drawn);
      console.err().flush();
      drawn = 0;
    }
  }
}
