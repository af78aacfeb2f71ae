package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.temporal.common.metadata.POJOWorkflowImplMetadata;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A DAG as it is written, known without a server and without a run.
 *
 * <p>The graph is built as a run with default params builds it; the functions in it are not called,
 * so it does not matter what they need. A DAG whose shape depends on its params is shown in the
 * shape of their defaults.
 *
 * @param name the DAG's name
 * @param params those that it is described with: the defaults, unless others are given
 * @param tasks each after those that it comes after
 */
public record DagDescription(String name, Object params, List<TaskDescription> tasks) {

  public DagDescription {
    tasks = List.copyOf(tasks);
  }

  /** What a task is. */
  public enum Kind {
    TASK,
    /** A child run, whose end is the task's. */
    CHILD,
    /** A run of its own, which outlives this one. */
    TRIGGER,
    MAPPED,
    BRANCH,
    SHORT_CIRCUIT,
    SENSOR,
    EVENT,
    GATE
  }

  /**
   * One task.
   *
   * @param id its id
   * @param kind what it is
   * @param upstream ids of the tasks right above it
   * @param setups ids of the tasks whose work it takes down; empty unless it is a teardown
   * @param policy its trigger rule, unless it is the default, and how it is tried, in words
   * @param patience how long its retries go on at least, however short the tries are; zero of what
   *     is not tried again
   */
  public record TaskDescription(
      String id,
      Kind kind,
      List<String> upstream,
      List<String> setups,
      String policy,
      Duration patience) {
    public TaskDescription {
      upstream = List.copyOf(upstream);
      setups = List.copyOf(setups);
    }
  }

  /**
   * Describes a DAG.
   *
   * @param implementation its workflow class, with a constructor that takes nothing
   * @throws IllegalArgumentException if it is no DAG, or its graph cannot be built
   */
  public static DagDescription of(Class<?> implementation) {
    return of(implementation, null);
  }

  /**
   * Describes a DAG as a run with these params builds it, after the strict check that the run makes
   * of them: who starts a run can so refuse wrong params before it begins.
   *
   * @param input what a run is started with, or null for the defaults
   * @throws IllegalArgumentException if the params are wrong, with the field, the value and what it
   *     must be, or if it is no DAG, or its graph cannot be built
   */
  public static DagDescription of(Class<?> implementation, @Nullable JsonNode input) {
    if (!DagWorkflow.class.isAssignableFrom(implementation)) {
      throw new IllegalArgumentException(implementation + " does not extend DagWorkflow");
    }
    return describe(
        nameOf(implementation), instance(implementation.asSubclass(DagWorkflow.class)), input);
  }

  /** The DAG's name: its workflow type. */
  static String nameOf(Class<?> implementation) {
    return POJOWorkflowImplMetadata.newInstance(implementation)
        .getWorkflowMethods()
        .get(0)
        .getName();
  }

  private static <P> DagDescription describe(
      String name, DagWorkflow<P> workflow, @Nullable JsonNode input) {
    Dag dag = new Dag();
    P params = Params.checked(name, input, workflow.defaults());
    workflow.define(dag, params, new DataInterval(Instant.EPOCH, Instant.EPOCH));
    ChildRuns.check(dag.nodes().values());
    List<TaskDescription> tasks =
        new Graph(dag.nodes().values()).order().stream().map(DagDescription::task).toList();
    return new DagDescription(name, params, tasks);
  }

  @SuppressWarnings("rawtypes") // a class knows nothing of its type parameter
  static DagWorkflow<?> instance(Class<? extends DagWorkflow> type) {
    try {
      return type.getDeclaredConstructor().newInstance();
    } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
      throw new IllegalArgumentException(
          type.getName() + " has no public constructor that takes nothing", e);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(type.getName() + " cannot be made", e.getCause());
    }
  }

  private static TaskDescription task(Node<?, ?> node) {
    return new TaskDescription(
        node.id(),
        kind(node),
        node.upstream().stream().map(Node::id).toList(),
        node.setups().stream().map(Node::id).toList(),
        words(node),
        patience(node));
  }

  private static Duration patience(Node<?, ?> node) {
    Policy policy = node.policy();
    Duration total = policy.limits().total();
    Duration span =
        switch (kind(node)) {
          case TASK, SENSOR -> policy.retry().span();
          case MAPPED ->
              node instanceof Mapped<?, ?> mapped && mapped.ofRuns()
                  ? policy.childRetry().span()
                  : policy.retry().span();
          case CHILD -> policy.childRetry().span();
          case TRIGGER, BRANCH, SHORT_CIRCUIT, EVENT, GATE -> Duration.ZERO;
        };
    return total == null || total.compareTo(span) > 0 ? span : total;
  }

  private static Kind kind(Node<?, ?> node) {
    if (node instanceof Mapped<?, ?>) {
      return Kind.MAPPED;
    } else if (node instanceof Branch) {
      return Kind.BRANCH;
    } else if (node instanceof ShortCircuit) {
      return Kind.SHORT_CIRCUIT;
    } else if (node instanceof Sensor<?>) {
      return Kind.SENSOR;
    } else if (node instanceof Event<?>) {
      return Kind.EVENT;
    }
    return node instanceof Task<?> task ? kind(task) : Kind.GATE;
  }

  private static Kind kind(Task<?> task) {
    return switch (task.kind()) {
      case ACTIVITY -> Kind.TASK;
      case CHILD -> Kind.CHILD;
      case TRIGGER -> Kind.TRIGGER;
    };
  }

  /** What applies to the task, and nothing else. */
  private static String words(Node<?, ?> node) {
    Policy policy = node.policy();
    List<String> words = new ArrayList<>();
    if (node.edges().rule() != TriggerRule.ALL_SUCCESS) {
      words.add("rule " + node.edges().rule().name().toLowerCase(Locale.ROOT));
    }
    switch (kind(node)) {
      case CHILD -> addTries(words, policy.childRetry(), policy.limits().childAttempt(), policy);
      case MAPPED -> {
        if (node instanceof Mapped<?, ?> mapped && mapped.ofRuns()) {
          addTries(words, policy.childRetry(), policy.limits().childAttempt(), policy);
        } else {
          addTries(words, policy.retry(), policy.limits().attempt(), policy);
          addHeartbeat(words, policy);
        }
      }
      case TASK, SENSOR -> {
        addTries(words, policy.retry(), policy.limits().attempt(), policy);
        addHeartbeat(words, policy);
      }
      case TRIGGER -> {}
      case BRANCH, SHORT_CIRCUIT, EVENT, GATE -> {
        return String.join(", ", words);
      }
    }
    if (policy.place().taskQueue() != null) {
      words.add("queue " + policy.place().taskQueue());
    }
    if (policy.place().priority() != null) {
      words.add("priority " + policy.place().priority());
    }
    if (policy.place().pool() != null) {
      words.add("pool %s (%d)".formatted(policy.place().pool(), policy.place().slots()));
    }
    return String.join(", ", words);
  }

  private static void addTries(
      List<String> words, Policy.Retry retry, @Nullable Duration attempt, Policy policy) {
    int retries = retry.retries();
    words.add(retries == 0 ? "no retry" : retries == 1 ? "1 retry" : retries + " retries");
    if (attempt != null) {
      words.add(time(attempt) + " a try");
    }
    Duration total = policy.limits().total();
    if (total != null) {
      words.add(time(total) + " in all");
    }
  }

  private static void addHeartbeat(List<String> words, Policy policy) {
    Duration heartbeat = policy.limits().heartbeat();
    if (heartbeat != null) {
      words.add("heartbeat " + time(heartbeat));
    }
  }

  /** For example {@code 1h} or {@code 1m30s}. */
  private static String time(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
