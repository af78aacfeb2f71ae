package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.asset.Asset;
import io.millrace.engine.asset.AssetCondition;
import io.millrace.engine.asset.AssetSchedule;
import io.millrace.engine.asset.Assets;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.workers.cli.toys.Mill;
import io.millrace.workers.cli.toys.MillWorker;
import io.millrace.workers.config.Settings;
import io.millrace.workers.worker.Pipeline;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools and assets from the command line, on a real server. */
class PoolsAndAssetsIT {

  private static LocalStack stack;
  private static MillWorker worker;

  @TempDir private Path folder;
  private Terminal terminal;

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.TEMPORAL);
    worker = MillWorker.start(stack.endpoints().temporal().target(), Pipeline.SYSTEM_QUEUE);
  }

  @AfterAll
  static void stop() {
    worker.close();
    stack.close();
  }

  @BeforeEach
  void open() {
    terminal =
        new Terminal(folder, Map.of("TEMPORAL_ADDRESS", stack.endpoints().temporal().target()));
  }

  @Test
  void aPoolIsSetDescribedListedShownAndDeleted() {
    assertThat(terminal.millrace("pools", "list")).isEqualTo(ExitCode.OK);
    assertThat(terminal.millrace("pools", "set", "stones", "4", "--description", "mill stones"))
        .isEqualTo(ExitCode.OK);
    assertThat(terminal.out().lines().toList().get(1).split(" +", 6))
        .containsExactly("stones", "4", "0", "0", "4", "mill stones");
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(terminal.millrace("pools", "list", "--json")).isZero();
              assertThat(terminal.json().findValuesAsText("pool")).containsExactly("stones");
            });
    JsonNode stones = terminal.json().get(0);
    assertThat(stones.path("open").asInt()).isEqualTo(4);
    assertThat(stones.path("description").asText()).isEqualTo("mill stones");
    assertThat(terminal.millrace("pools", "show", "stones")).isZero();
    assertThat(terminal.out()).contains("stones", "state    slots  prio  since");

    assertThat(terminal.millrace("pools", "set", "stones", "-1")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("Pool 'stones' must have 0 to 1000000 slots, not -1");
    assertThat(terminal.millrace("pools", "set", "no pool", "1")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.millrace("pools", "delete", "stones")).isEqualTo(ExitCode.OK);
    assertThat(terminal.out()).isEqualToIgnoringNewLines("deleted stones");
    Awaitility.await().until(() -> terminal.millrace("pools", "show", "stones") == ExitCode.USAGE);
    assertThat(terminal.err()).contains("there is no pool 'stones'", "there are none");
    assertThat(terminal.millrace("pools", "delete", "default_pool")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void anAssetFromOutsideIsSeenAndStartsWhoWaitsForIt() {
    assertThat(terminal.millrace("assets", "list", "--json")).isZero();
    try (TemporalConnection temporal =
        TemporalConnection.open(
            Settings.load(folder, folder, Map.of("TEMPORAL_ADDRESS", address())))) {
      new Assets(temporal.client(), Pipeline.SYSTEM_QUEUE)
          .declare(
              List.of(
                  new AssetSchedule(
                      Mill.NAME,
                      Pipeline.SYSTEM_QUEUE,
                      AssetCondition.all(
                          AssetCondition.of(new Asset("grain")),
                          AssetCondition.any(new Asset("wind"), new Asset("water"))))));
    }

    assertThat(
            terminal.millrace(
                "assets", "emit", "grain", "--partition=rye", "--extra={\"sacks\": 3}"))
        .isZero();
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(terminal.millrace("assets", "show", "grain")).isZero();
              assertThat(terminal.out())
                  .contains("mill", "grain & (wind | water)")
                  .contains("grain[rye]", "{\"sacks\":3}", System.getProperty("user.name"));
            });
    assertThat(terminal.millrace("assets", "emit", "wind", "--source", "vane", "--json")).isZero();
    assertThat(terminal.json().path("source").asText()).isEqualTo("vane");
    Awaitility.await()
        .untilAsserted(
            () -> {
              assertThat(terminal.millrace("runs", "list", "--dag", Mill.NAME)).isZero();
              assertThat(terminal.out()).contains("mill-asset-");
            });
    assertThat(terminal.millrace("assets", "events", "grain", "--json")).isZero();
    assertThat(terminal.json()).hasSize(1);
    assertThat(terminal.millrace("assets", "list")).isZero();
    assertThat(terminal.out()).containsPattern("wind +1 +\\S+ +vane +mill");

    assertThat(terminal.millrace("assets", "show", "flour")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("no asset 'flour'");
    assertThat(
            terminal.millrace(
                "assets", "emit", "grain", "--extra", "\"" + "x".repeat(1_000) + "\""))
        .isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("at most 1000 characters");
  }

  private static String address() {
    return stack.endpoints().temporal().target();
  }
}
