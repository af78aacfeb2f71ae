package io.millrace.workers.cli;

import io.millrace.engine.schedule.ScheduleStatus;
import java.util.List;

/** Says after a start of the servers whether DAGs start by themselves, and how to make them. */
final class ScheduleHint {

  private ScheduleHint() {}

  /** Prints one line, or nothing if every schedule is on the server or it does not answer. */
  static void print(Console console) {
    try (TemporalConnection temporal = TemporalConnection.open(console)) {
      List<String> there =
          temporal.schedules().list().stream().map(ScheduleStatus::schedule).toList();
      if (!there.containsAll(Names.dags())) {
        console
            .out()
            .println(
                there.isEmpty()
                    ? "No schedule is on the server: " + DagsList.APPLY + "."
                    : "Not every schedule is on the server: `millrace schedules apply` puts them"
                        + " there.");
      }
    } catch (RuntimeException e) {
      return; // what has been started is not worse for it
    }
  }
}
