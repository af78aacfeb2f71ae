package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the workers of a DAG's queue say of it to a backfill; {@link DagWorkers} registers it. */
@ActivityInterface
public interface PastDependencies {

  /** The activity's type. */
  String TYPE = "millrace_depends_on_past";

  /**
   * The first task of a DAG that depends on the past.
   *
   * @param params of its runs, or null for the defaults
   * @param intervals of its runs
   * @return its id, or null if there is none or the worker does not know the DAG
   */
  @ActivityMethod(name = TYPE)
  @Nullable String firstTask(String dag, @Nullable JsonNode params, List<DataInterval> intervals);

  /** Knows the DAGs of one worker. */
  final class Impl implements PastDependencies {

    private final Map<String, Class<?>> dags = new TreeMap<>();

    Impl(Class<?>... implementations) {
      for (Class<?> implementation : implementations) {
        if (DagWorkflow.class.isAssignableFrom(implementation)) {
          dags.put(DagDescription.nameOf(implementation), implementation);
        }
      }
    }

    @Override
    public @Nullable String firstTask(
        String dag, @Nullable JsonNode params, List<DataInterval> intervals) {
      Class<?> implementation = dags.get(dag);
      return implementation == null
          ? null
          : PastDependency.of(implementation, params, intervals).orElse(null);
    }
  }
}
