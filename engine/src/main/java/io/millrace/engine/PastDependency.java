package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.RawValue;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells, without a run, whether a DAG has tasks that depend on the past. */
public final class PastDependency {

  private PastDependency() {}

  /**
   * The first task of a DAG that depends on the past in the run of any of some intervals; the graph
   * is built for each.
   *
   * @param implementation the DAG's workflow class, with a constructor that takes nothing
   * @param params of the runs, or null for the DAG's defaults
   * @return its id; empty if there is none
   * @throws IllegalArgumentException if it is no DAG
   */
  public static Optional<String> of(
      Class<?> implementation, @Nullable JsonNode params, Collection<DataInterval> intervals) {
    if (!DagWorkflow.class.isAssignableFrom(implementation)) {
      throw new IllegalArgumentException(implementation + " does not extend DagWorkflow");
    }
    return of(
        DagDescription.instance(implementation.asSubclass(DagWorkflow.class)),
        DagDescription.nameOf(implementation),
        params,
        intervals);
  }

  private static <P> Optional<String> of(
      DagWorkflow<P> workflow,
      String name,
      @Nullable JsonNode params,
      Collection<DataInterval> intervals) {
    P given = Params.read(name, params == null ? null : raw(params), workflow.defaults());
    for (DataInterval interval : intervals) {
      Dag dag = new Dag();
      workflow.define(dag, given, interval);
      Optional<String> found =
          dag.nodes().values().stream()
              .filter(node -> node.policy().past() != Policy.Past.ANY)
              .map(Node::id)
              .findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static RawValue raw(JsonNode params) {
    return new RawValue(DefaultDataConverter.STANDARD_INSTANCE.toPayload(params).orElseThrow());
  }
}
