package io.millrace.engine.toys;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What is done in a yard, for toy DAGs. */
@ActivityInterface
public interface YardActivities {

  int step(int number);

  Load join(List<Load> loads, String label);

  List<Load> loads();

  int slow();

  /** Something with a field, to see that generic results come back typed. */
  record Load(String name, long kilos) {}
}
