package io.millrace.engine.toys;

import io.millrace.engine.CheckReport;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What a mill does, for toy DAGs. */
@ActivityInterface
public interface MillActivities {

  List<String> sacks(int count);

  int grind(String sack);

  Weighing weigh(List<Integer> flour);

  String bake(Weighing weighing);

  /** How much flour there is. */
  record Weighing(int kilos, int atLeast) implements CheckReport {

    @Override
    public boolean passed() {
      return kilos >= atLeast;
    }

    @Override
    public String explain() {
      return "%d kg, at least %d".formatted(kilos, atLeast);
    }
  }
}
