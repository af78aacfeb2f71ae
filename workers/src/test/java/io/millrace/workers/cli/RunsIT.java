package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.DagRuns;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.pool.Pools;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.testing.Waiting;
import io.millrace.workers.cli.toys.Mill;
import io.millrace.workers.cli.toys.MillWorker;
import io.millrace.workers.config.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands do to runs on a real server, what they refuse, and their exit codes. */
class RunsIT {
  private static final String QUEUE = "mill";

  private static LocalStack stack;
  private static MillWorker worker;
  private static TemporalConnection temporal;
  private static DagRuns runs;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.TEMPORAL);
    worker = MillWorker.start(stack.endpoints().temporal().target(), QUEUE);
    Path state = stack.stack().config().state();
    temporal = TemporalConnection.open(Settings.load(state, state, Map.of()));
    runs = new DagRuns(temporal.client(), QUEUE);
  }

  @AfterAll
  static void stop() {
    temporal.close();
    worker.close();
    stack.close();
  }

  @BeforeEach
  void open() {
    terminal =
        new Terminal(
            folder,
            Map.of(
                "TEMPORAL_ADDRESS",
                stack.endpoints().temporal().target(),
                "TEMPORAL_UI_URL",
                stack.endpoints().temporal().uiUrl()));
    worker.breakStone(false);
  }

  @Test
  void aGateIsFoundRefusesAWrongOptionAndTakesARightOne() throws TimeoutException {
    String id = runs.trigger(Mill.NAME, null);
    await(id, "ship", NodeState.AWAITING_INPUT);
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(terminal.millrace("runs", "list", "--awaiting-input", "--since", "1h"))
                  .isZero();
              assertThat(terminal.out()).contains(id);
            });
    assertThat(terminal.millrace("runs", "show", id)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("? ship", "+ grind", "3/3", ". load_cart");

    assertThat(terminal.millrace("runs", "answer", id, "ship", "never")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("'never' is no option of gate 'ship'", "[now, later]");
    assertThat(terminal.millrace("runs", "answer", id, "shop", "now")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("no gate 'shop'", "[ship]");

    assertThat(terminal.millrace("runs", "answer", id, "ship", "now", "--by", "ana"))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).isEqualToIgnoringNewLines("ship: now");
    assertThat(runs.await(id, Waiting.LIMIT).task("ship").detail()).isEqualTo("now (by ana)");
  }

  @Test
  void whatFailedIsClearedMarkedOrReleased() throws TimeoutException {
    String cleared = held();
    worker.breakStone(false);
    assertThat(terminal.millrace("runs", "clear", cleared, "--why", "fixed"))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).isEqualToIgnoringNewLines("cleared grind[1]");
    assertThat(runs.await(cleared, Waiting.LIMIT).state()).isEqualTo(RunState.SUCCESS);
    assertThat(terminal.millrace("runs", "show", cleared)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out())
        .contains("clear grind[1] by " + System.getProperty("user.name") + ": fixed");

    String marked = held();
    assertThat(terminal.millrace("runs", "mark", marked, "grind", "skipped", "--result", "1"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("Only a success has a result");
    assertThat(terminal.millrace("runs", "mark", marked, "grind", "fine"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(
            terminal.millrace(
                "runs", "mark", marked, "load_cart", "success", "--result", "\"by hand\""))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).isEqualToIgnoringNewLines("load_cart: success");

    String released = held();
    assertThat(terminal.millrace("runs", "release", released)).isEqualTo(ExitCode.OK);
    assertThat(runs.await(released, Waiting.LIMIT).state()).isEqualTo(RunState.FAILED);
    assertThat(terminal.millrace("runs", "show", released)).isEqualTo(ExitCode.FAILED);
    assertThat(terminal.millrace("runs", "show", released, "--watch", "--gantt"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(terminal.out()).contains("x grind", "xx");
  }

  @Test
  void aRunWithNothingFailedIsNotCleared() {
    String id = runs.trigger(Mill.NAME, null);
    await(id, "ship", NodeState.AWAITING_INPUT);

    assertThat(terminal.millrace("runs", "clear", id)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("No task has failed");
    assertThat(terminal.millrace("runs", "clear", id, "grin")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("no task 'grin'", "list_sacks");
    assertThat(terminal.millrace("runs", "clear", id, "grind", "--args", "{}"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("--args must be a JSON list");

    assertThat(terminal.millrace("runs", "clear", id, "list_sacks", "--args", "[2]")).isZero();
    await(id, "ship", NodeState.AWAITING_INPUT);
    Awaitility.await().until(() -> runs.describe(id).task("grind").progress().equals("2/2"));
    assertThat(terminal.millrace("runs", "cancel", id)).isEqualTo(ExitCode.OK);
  }

  @Test
  void aRunIsHeldBeforeATaskAndWaitsForAnEvent() throws TimeoutException {
    String id = runs.trigger(Mill.NAME, Map.of("asks", false, "cart", true));

    assertThat(terminal.millrace("runs", "hold", id, "load_cart")).isEqualTo(ExitCode.OK);
    assertThat(terminal.millrace("runs", "release", id, "grind")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("no breakpoint before 'grind'", "[load_cart]");
    assertThat(terminal.millrace("runs", "event", id, "cart_arrives", "--payload", "{oops"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(
            terminal.millrace(
                "runs", "event", id, "cart_arrives", "--payload", "\"blue\"", "--json"))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.json().path("done").asText()).isEqualTo("sent event cart_arrives");
    await(id, "cart_arrives", NodeState.SUCCESS);
    assertThat(terminal.millrace("runs", "release", id, "load_cart")).isEqualTo(ExitCode.OK);

    assertThat(runs.await(id, Waiting.LIMIT).state()).isEqualTo(RunState.SUCCESS);
    assertThat(runs.await(id, Waiting.LIMIT).operations()).hasSize(2);
  }

  @Test
  void aFailedRunIsDoneAgainWithItsOwnParams() throws TimeoutException {
    worker.breakStone(true);
    String id = runs.trigger(Mill.NAME, Map.of("asks", false, "sacks", 4));
    RunReport failed = runs.await(id, Waiting.LIMIT);
    assertThat(failed.state()).isEqualTo(RunState.FAILED);

    for (String[] update :
        new String[][] {
          {"clear"},
          {"hold"},
          {"release"},
          {"cancel"},
          {"mark", "grind", "success"},
          {"answer", "ship", "now"},
          {"event", "cart_arrives"}
        }) {
      assertThat(operation(id, update)).isEqualTo(ExitCode.USAGE);
      assertThat(terminal.err())
          .contains("run " + id + " has ended (failed)", "millrace runs rerun " + id);
    }
    assertThat(terminal.millrace("runs", "rerun", id, "--clear", "grin")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err())
        .contains("no task 'grin'; did you mean 'grind'?", "list_sacks, grind, load_cart");

    assertThat(rerun(id)).isEqualTo(ExitCode.FAILED);
    worker.breakStone(false);
    assertThat(rerun(id)).isEqualTo(ExitCode.OK);

    JsonNode again = terminal.json();
    assertThat(again.path("params").path("sacks").asInt()).isEqualTo(4);
    assertThat(again.path("logical_date").asText()).isEqualTo(failed.logicalDate().toString());
    assertThat(again.path("tasks").get(0).path("id").asText()).isEqualTo("list_sacks");
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(terminal.millrace("runs", "list", "--state", "failed", "--dag", "mill"))
                  .isZero();
              assertThat(terminal.out()).contains(id).doesNotContain("COMPLETED");
            });
  }

  @Test
  void aRunThatGoesOnIsNotDoneAgainAndOneThatIsNotThereIsNamed() {
    String id = runs.trigger(Mill.NAME, null);
    await(id, "ship", NodeState.AWAITING_INPUT);
    assertThat(terminal.millrace("runs", "rerun", id)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("run " + id + " goes on");

    for (String[] command :
        new String[][] {{"show"}, {"clear"}, {"cancel"}, {"rerun"}, {"event", "cart_arrives"}}) {
      assertThat(operation("nobody", command)).isEqualTo(ExitCode.USAGE);
      assertThat(terminal.err()).contains("there is no run 'nobody'");
    }
    assertThat(terminal.millrace("runs", "cancel", id)).isEqualTo(ExitCode.OK);
    Awaitility.await().until(() -> runs.status(id), Predicate.isEqual("CANCELED"));
    assertThat(terminal.millrace("runs", "show", id)).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).contains("cancelled");
  }

  @Test
  void theEnginesOwnWorkflowsAreNotListedAsRuns() {
    new Pools(temporal.client(), QUEUE).declare("listed", 1);
    String id = runs.trigger(Mill.NAME, Map.of("asks", false));

    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(terminal.millrace("runs", "list", "--since", "1h", "--limit", "1000"))
                  .isZero();
              assertThat(terminal.out()).contains(id).doesNotContain("pool/listed");
            });
  }

  @Test
  void aRunThatNoWorkerTakesUpDoesNotHoldACommandForEver() {
    String id = new DagRuns(temporal.client(), "nobody-polls").trigger(Mill.NAME, null);
    terminal = terminal.with("TEMPORAL_RPC_TIMEOUT", "1s");

    assertThat(terminal.millrace("runs", "show", id)).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(terminal.err()).contains("no worker answers for run '" + id + "'");
    assertThat(terminal.millrace("runs", "hold", id)).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("did not answer within 3 s", "does a worker");
    assertThat(terminal.millrace("runs", "cancel", id)).isEqualTo(ExitCode.OK);
  }

  private String held() {
    worker.breakStone(true);
    String id =
        runs.trigger(Mill.NAME, Map.of("asks", false, "$run", Map.of("holdOnFailure", true)));
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> runs.describe(id).state(), Predicate.isEqual(RunState.HELD));
    return id;
  }

  private static void await(String id, String task, NodeState state) {
    Awaitility.await()
        .ignoreExceptions()
        .until(() -> runs.describe(id).task(task).state(), Predicate.isEqual(state));
  }

  private int rerun(String id) {
    return terminal.millrace("runs", "rerun", id, "--wait", "--json", "--clear", "list_sacks");
  }

  private int operation(String id, String... command) {
    String[] arguments = new String[command.length + 2];
    arguments[0] = "runs";
    arguments[1] = command[0];
    arguments[2] = id;
    System.arraycopy(command, 1, arguments, 3, command.length - 1);
    return terminal.millrace(arguments);
  }
}
