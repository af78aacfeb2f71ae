package io.millrace.engine.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** One thing that a test does to a run, and to the model of it. */
sealed interface Step {

  /** Ends an execution. */
  record End(String key, Outcome outcome) implements Step {}

  /** Answers a gate, or sends an event. */
  record Input(String task) implements Step {}

  /** Has tasks, or one item, done again. */
  record Clear(List<String> names, boolean upstream, boolean downstream, boolean onlyFailed)
      implements Step {
    static Clear of(String... names) {
      return new Clear(List.of(names), false, true, false);
    }

    @Override
    public String toString() {
      return "clear %s%s%s%s"
          .formatted(
              names,
              upstream ? " with upstream" : "",
              downstream ? "" : " without downstream",
              onlyFailed ? ", only failed" : "");
    }
  }

  /**
   * Sets a state by hand.
   *
   * @param target a task, or an item as {@code task[index]}
   * @param value null for none
   * @param fits whether the value is one that the task may have
   */
  record Mark(String target, State state, @Nullable JsonNode value, boolean fits) implements Step {

    static Mark of(String target, State state) {
      return new Mark(target, state, null, true);
    }

    String task() {
      int bracket = target.indexOf('[');
      return bracket < 0 ? target : target.substring(0, bracket);
    }

    int item() {
      int bracket = target.indexOf('[');
      return bracket < 0
          ? -1
          : Integer.parseInt(target.substring(bracket + 1, target.length() - 1));
    }

    String word() {
      return state.name().toLowerCase(Locale.ROOT);
    }

    /** The value as a handle's text. */
    @Nullable String text() {
      if (value == null) {
        return null;
      }
      return value.isArray()
          ? StreamSupport.stream(value.spliterator(), false)
              .map(JsonNode::asText)
              .collect(Collectors.joining(", ", "[", "]"))
          : value.asText();
    }

    @Override
    public String toString() {
      return "mark %s %s%s".formatted(target, word(), value == null ? "" : " with " + value);
    }
  }

  /** Holds the run, or before one task. */
  record Hold(@Nullable String task) implements Step {}

  /** Lets the run, or one task, go on. */
  record Release(@Nullable String task) implements Step {}

  /** Cancels the run. */
  record Cancel() implements Step {}

  /** A value that a task of a kind may be marked with; null if it has none. */
  static @Nullable JsonNode valueFor(TaskSpec task, GraphSpec spec) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (task.kind()) {
      case TASK, CHILD, SENSOR, EVENT -> json.numberNode(42);
      case MAP, MAP_RUNS -> json.arrayNode().add(7).add(8).add(9);
      case GATE -> json.textNode("reject");
      case SHORT_CIRCUIT, LATEST_ONLY -> json.booleanNode(false);
      case TRIGGER -> json.textNode("some-run");
      case BRANCH -> {
        var ids = json.arrayNode();
        spec.directlyBelow(task.id()).stream().reduce((first, last) -> last).ifPresent(ids::add);
        yield ids;
      }
    };
  }

  /** One of another type. */
  static JsonNode wrongValue() {
    return JsonNodeFactory.instance.objectNode().put("no", "fit");
  }
}
