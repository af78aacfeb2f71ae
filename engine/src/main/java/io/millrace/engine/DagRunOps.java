package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.NullNode;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every run answers to, from the Web UI, the Temporal CLI or {@code millrace}. Each update is
 * refused with its reason when it makes no sense, and leaves the run as it was then. What an update
 * brings is read as strictly as a run's params: an unknown field is an error.
 */
public interface DagRunOps {

  /** Reports each task's state now. */
  @QueryMethod(name = "run")
  RunReport report();

  /** Answers a gate; returns a sentence that says what was taken. */
  @UpdateMethod(name = "answer")
  String answer(GateAnswer answer);

  /** Refuses an unknown gate or option, who may not answer, and a gate that does not wait. */
  @UpdateValidatorMethod(updateName = "answer")
  void validateAnswer(GateAnswer answer);

  /**
   * Does tasks, or single items of mapped ones, again, as Airflow's {@code tasks clear}; returns
   * which. What goes on is cancelled, and its end is waited for before it starts again.
   */
  @UpdateMethod(name = "clear")
  List<String> clear(Clear request);

  @UpdateValidatorMethod(updateName = "clear")
  void validateClear(Clear request);

  /**
   * Sets the state of a task, or of one item of a mapped one, by hand. From then on this state
   * alone decides what is below; what failed below starts again.
   */
  @UpdateMethod(name = "mark")
  String mark(Mark request);

  @UpdateValidatorMethod(updateName = "mark")
  void validateMark(Mark request);

  /** Starts no further task until {@code release}; what runs goes on. */
  @UpdateMethod(name = "hold")
  String hold(Hold request);

  @UpdateValidatorMethod(updateName = "hold")
  void validateHold(Hold request);

  /**
   * Lets a held run go on, or end if it is held for its failures; or a task that waits for the run
   * before.
   */
  @UpdateMethod(name = "release")
  String release(Hold request);

  @UpdateValidatorMethod(updateName = "release")
  void validateRelease(Hold request);

  /** Brings what an {@link Event} task waits for, now or later. */
  @SignalMethod(name = "event")
  void event(ExternalEvent event);

  /**
   * An answer to a gate.
   *
   * @param gate the gate's task id
   * @param option one of the gate's options
   * @param by who answers
   */
  @JsonDeserialize(using = StrictRequest.class)
  record GateAnswer(String gate, String option, String by) {}

  /**
   * Tasks to do again.
   *
   * @param tasks their ids, or {@code load[3]} or {@code load[eu]} for one item of a mapped task,
   *     by its place or name; none means every failed one
   * @param upstream also all above them
   * @param downstream also all below them, as by default; what was never started is decided again
   *     in any case
   * @param onlyFailed of all these only the failed, and of a mapped task that is named only the
   *     failed items
   * @param args what a single task takes from now on instead of what the DAG gives it
   */
  @JsonDeserialize(using = StrictRequest.class)
  record Clear(
      List<String> tasks,
      boolean upstream,
      @Nullable Boolean downstream,
      boolean onlyFailed,
      @JsonDeserialize(contentUsing = Json.ExactTree.class) @Nullable List<JsonNode> args,
      @Nullable String by,
      @Nullable String why) {
    public Clear {
      tasks = tasks == null ? List.of() : List.copyOf(tasks);
    }
  }

  /**
   * A state set by hand.
   *
   * @param task its id, or {@code load[3]} or {@code load[eu]} for one item of a mapped task
   * @param state {@code success}, {@code failed} or {@code skipped}
   * @param result of a success, for those below it: of a branch the ids that it chooses, of a short
   *     circuit true or false, of a gate the option, of a mapped task the whole list
   */
  @JsonDeserialize(using = StrictRequest.class)
  record Mark(
      String task,
      String state,
      @JsonDeserialize(using = Json.ExactTree.class) @Nullable JsonNode result,
      @Nullable String by,
      @Nullable String why) {
    public Mark {
      result = result == null || result.isNull() ? null : result; // as Jackson reads a null
    }
  }

  /**
   * To hold a run, or to let it go on.
   *
   * @param task before which the run holds, or which waits for the run before; null for the whole
   *     run
   */
  @JsonDeserialize(using = StrictRequest.class)
  record Hold(@Nullable String task, @Nullable String by, @Nullable String why) {}

  /**
   * Something that happened outside.
   *
   * @param name the id of the task that waits for it
   * @param payload of the type that the task declares; none is a null
   */
  record ExternalEvent(
      String name, @JsonDeserialize(using = Json.ExactTree.class) JsonNode payload) {
    public ExternalEvent {
      payload = payload == null ? NullNode.getInstance() : payload;
    }
  }
}
