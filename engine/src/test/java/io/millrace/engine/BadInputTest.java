package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.testing.DagTest;
import io.millrace.engine.toys.AnyDag;
import io.millrace.engine.toys.AnyDag.Work;
import io.millrace.engine.toys.MillDag;
import io.millrace.testing.Waiting;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.common.converter.RawValue;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No input may leave a workflow task failing and retrying: the run ends, or refuses it. */
class BadInputTest {

  /** A DAG that breaks where a test says. */
  @WorkflowInterface
  public interface Fragile extends DagRunOps {
    @WorkflowMethod(name = "fragile")
    RunReport run(@Nullable RawValue params);
  }

  /** Where it breaks, and of what. */
  record Fault(String where, Throwable what) {
    @SuppressWarnings("unchecked") // thrown as it is, also a checked one
    private static <T extends Throwable> void thrown(Throwable what) throws T {
      throw (T) what;
    }

    static void at(String where) {
      Fault fault = NEXT.get();
      if (fault != null && fault.where().equals(where)) {
        Fault.<RuntimeException>thrown(fault.what());
      }
    }
  }

  private static final AtomicReference<@Nullable Fault> NEXT = new AtomicReference<>();

  /** The graph of {@link Fragile}. */
  public static final class FragileImpl extends DagWorkflow<AnyParams> implements Fragile {

    public FragileImpl() {
      Fault.at("constructor");
    }

    @Override
    protected AnyParams defaults() {
      Fault.at("defaults");
      return new AnyParams("");
    }

    @Override
    protected void define(Dag dag, AnyParams params, DataInterval interval) {
      Fault.at("define");
      dag.task("only", Work.class, Work::act);
    }
  }

  /** Any. */
  record AnyParams(String text) {}

  @ParameterizedTest
  @ValueSource(strings = {"constructor", "defaults", "define"})
  void whatBreaksBeforeTheRunsOwnErrorHandlingFailsTheRun(String where) {
    for (Throwable fault :
        List.of(
            new IllegalStateException("broken"),
            new NullPointerException(),
            new AssertionError("broken"),
            new StackOverflowError(),
            new Exception("broken"),
            new Error("broken"))) {
      NEXT.set(new Fault(where, fault));
      try (DagTest test = DagTest.of(FragileImpl.class)) {
        assertThatThrownBy(() -> test.run(null))
            .isInstanceOf(WorkflowFailedException.class)
            .hasStackTraceContaining("InvalidDag");
      } finally {
        NEXT.set(null);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'logicalDate':'2026-02-01T00:00:00Z','intervalEnd':'2026-01-01T00:00:00Z'}",
        "{'intervalEnd':'2026-01-01T00:00:00Z'}",
        "{'logicalDate':'-20000-01-01T00:00:00Z'}",
        "{'logicalDate':'+1000000000-12-31T23:59:59Z'}",
        "{'breakpoints':['nobody']}",
        "{'breakpoints':[null]}",
        "{'clear':['x']}",
        "{'triggeringEvents':[{}]}",
        "{'triggeringEvents':[{'asset':'a','source':'b','at':'never'}]}",
        "{'rerunOf':5}",
        "7"
      })
  void whatIsAskedOfTheRunItselfFailsItAtOnce(String options) {
    try (DagTest test = AnyDag.of(dag -> dag.task("only", Work.class, Work::act))) {
      String json = "{'$run':" + options + "}";
      assertThatThrownBy(() -> test.run(StrictJson.MAPPER.readTree(json.replace('\'', '"'))))
          .isInstanceOf(WorkflowFailedException.class)
          .hasStackTraceContaining("type='Invalid");
    }
  }

  @Test
  void aMemoThatCannotBeReadFailsTheRun() throws Exception {
    try (DagTest test = AnyDag.of(dag -> dag.task("only", Work.class, Work::act))) {
      test.run(null);
      for (Object memo :
          List.of("text", Map.of("timetable", 5, "maxActiveRuns", "many"), Map.of(), List.of(1))) {
        WorkflowStub run =
            test.client()
                .newUntypedWorkflowStub(
                    "any",
                    WorkflowOptions.newBuilder()
                        .setTaskQueue("any")
                        .setWorkflowId("memo-" + memo.hashCode())
                        .setMemo(Map.of("millrace-schedule", memo))
                        .build());
        run.start();
        assertThatThrownBy(
                () -> run.getResult(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS, RunReport.class))
            .isInstanceOf(WorkflowFailedException.class);
      }
    }
  }

  /** Thrown in workflow code by the SDK when a worker is shut down. */
  @Test
  void aShutdownOfTheWorkerFailsNoRun() {
    Error interrupted = new Error("Unexpected interrupt", new InterruptedException());

    assertThatThrownBy(
            () ->
                InputGuard.run(
                    "InvalidRun",
                    "The run cannot go on",
                    () -> {
                      throw interrupted;
                    }))
        .isSameAs(interrupted);
  }

  private static DagTest waiting() {
    DagTest test =
        AnyDag.of(
            dag -> {
              dag.event("arrived", Integer.class);
              dag.gate("gate").options("yes", "no");
            });
    return test.start(null).awaitState("arrived", NodeState.AWAITING_INPUT);
  }

  @Test
  void aSignalThatIsOfNoUseIsIgnoredAndRecorded() {
    try (DagTest test = waiting()) {
      for (Object event :
          List.of(
              Map.of("nam", "arrived", "payload", 1),
              Map.of("name", " ", "payload", 1),
              Map.of("name", "arrived", "payload", "text"),
              Map.of("name", "nobody"),
              Map.of(),
              "text",
              7)) {
        test.stub().signal("event", event);
      }
      test.stub().signal("event");
      test.stub().signal("unknown", 5);
      test.stub().signal("event", Map.of("name", "arrived", "payload", 5));
      test.answer("gate", "yes");

      RunReport report = test.await();

      assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      assertThat(report.operations())
          .filteredOn(operation -> operation.what().equals("event ignored"))
          .hasSizeGreaterThanOrEqualTo(2)
          .anySatisfy(operation -> assertThat(operation.why()).contains("it has no name"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "answer  | {'gate':'gate','option':'yes','by':'me','x':1} | there is no field 'x'",
        "answer  | {'gate':'gate','option':'yes'}  | by is missing; it must be text",
        "answer  | {'gate':5,'option':'yes','by':'me'} | gate must be text, but is 5 (number)",
        "answer  | 'text'                          | must be an object",
        "clear   | {'taks':['gate']}               | there is no field 'taks'",
        "clear   | {'tasks':'gate'}                | tasks must be a list",
        "clear   | {'tasks':[null]}                | tasks[0] must be text, but is null",
        "clear   | {'tasks':['gate'],'upstream':'yes'} | upstream must be true or false",
        "mark    | {'task':'gate'}                 | state is missing",
        "mark    | {'task':'gate','state':'done'}  | 'done' is no state",
        "mark    | {'task':null,'state':'failed'}  | task must be text, but is null",
        "hold    | {'tasks':['gate']}              | there is no field 'tasks'",
        "release | 5                               | must be an object"
      })
  void anUpdateThatIsOfNoUseIsRefusedWithItsReason(String name, String request, String reason) {
    try (DagTest test = waiting()) {
      Object given = StrictJson.parse(ByteString.copyFromUtf8(request.replace('\'', '"')));
      assertThatThrownBy(() -> test.stub().update(name, Object.class, given))
          .isInstanceOf(WorkflowUpdateException.class)
          .hasStackTraceContaining(reason);
      assertThat(test.report().state()).isEqualTo(RunState.RUNNING);
    }
  }

  /** What the reader wrote before it was strict; it is done already and must replay. */
  @Test
  void requestsMayLeaveOutWhatTheyAlwaysCould() {
    try (DagTest test = waiting()) {
      assertThat(test.stub().update("hold", String.class, Map.of())).isEqualTo("the run is held");
      assertThat(test.stub().update("release", String.class, Map.of("by", "me")))
          .isEqualTo("the run goes on");
      assertThat(
              test.stub().update("mark", String.class, Map.of("task", "gate", "state", "skipped")))
          .isEqualTo("gate: skipped");
      List<?> cleared = test.stub().update("clear", List.class, Map.of("tasks", List.of("gate")));
      assertThat(cleared).hasSize(1);
    }
  }

  @Test
  void aMistypedDagNameFailsTheRunWithTheNearest() throws Exception {
    try (DagTest test = DagTest.of(MillDag.Impl.class, AnyDag.Impl.class)) {
      assertThatThrownBy(() -> test.run(Map.of("sacks", -1)))
          .isInstanceOf(WorkflowFailedException.class);
      WorkflowStub run =
          test.client()
              .newUntypedWorkflowStub(
                  "Mil", WorkflowOptions.newBuilder().setTaskQueue("mill").build());
      run.start();

      assertThatThrownBy(
              () -> run.getResult(Waiting.LIMIT.toSeconds(), TimeUnit.SECONDS, Object.class))
          .hasStackTraceContaining("type='UnknownDag', nonRetryable=true")
          .hasStackTraceContaining(
              "No worker of the task queue 'mill' knows the DAG 'Mil'. Did you mean mill? Its DAGs"
                  + " are any, mill.");
    }
  }

  @Test
  void aChildRunThatNoWorkerKnowsFailsItsTask() {
    try (DagTest test =
        AnyDag.of(
            dag ->
                dag.child("mill", MillDag.class, mill -> mill.run(null))
                    .policy(Policy.DEFAULT.withRetries(3, Duration.ofSeconds(1))))) {
      assertThat(test.run(null).task("mill").detail())
          .startsWith("UnknownDag: No worker of the task queue 'any' knows the DAG 'mill'");
    }
  }

  /** A run in flight must not fail because a release reads its input more strictly. */
  @Test
  void aRunThatAnEarlierReleaseBeganGoesOnWithWhatItAcceptedThen() throws Exception {
    Params.prepare();
    String json = Files.readString(Path.of("src/test/resources/histories/mill/success.json"));
    for (String input : List.of("{\"sacks\":3} and more", "{\"sacks\":1,\"sacks\":3}")) {
      ObjectNode history = (ObjectNode) StrictJson.MAPPER.readTree(json);
      ((ObjectNode) history.at("/events/0/workflowExecutionStartedEventAttributes"))
          .putObject("input")
          .putArray("payloads")
          .addObject()
          .put("data", input.getBytes(StandardCharsets.UTF_8))
          .putObject("metadata")
          .put("encoding", "json/plain".getBytes(StandardCharsets.UTF_8));

      WorkflowReplayer.replayWorkflowExecution(history.toString(), MillDag.Impl.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"data_pipline,data_pipeline,1", "DataPipeline,data_pipeline,0", "abc,xyz,3", ",a,1"})
  void countsWhatWasMistyped(@Nullable String given, String name, int distance) {
    assertThat(UnknownDag.distance(given == null ? "" : given, name)).isEqualTo(distance);
  }
}
