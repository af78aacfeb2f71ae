package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.asset.AssetHub.HubState;
import io.temporal.common.converter.DefaultDataConverter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AssetQueuesTest {

  private static final Asset A = new Asset("a");
  private static final Asset B = new Asset("b");
  private static final Asset C = new Asset("c");
  private static final AssetCondition A_AND_B_OR_C =
      AssetCondition.all(AssetCondition.of(A), AssetCondition.any(B, C));

  @Test
  void aDagRunsOnceAllThatItNeedsHasChangedSinceItsLastRun() {
    AssetQueues queues = queues(new AssetSchedule("dag", "q", A_AND_B_OR_C));

    assertThat(queues.add(event("b", null))).isEmpty();
    assertThat(queues.add(event("b", null))).isEmpty();
    assertThat(queues.add(event("x", null))).isEmpty();
    assertThat(queues.add(event("a", null)))
        .singleElement()
        .satisfies(due -> assertThat(due.events()).hasSize(3));
    assertThat(queues.add(event("a", null))).isEmpty();
    assertThat(queues.add(event("c", null))).hasSize(1);
  }

  @Test
  void partitionsAreWaitedForOneByOne() {
    AssetQueues queues =
        queues(new AssetSchedule("dag", "q", AssetCondition.all(A, B)).eachPartition());

    assertThat(queues.add(event("a", "monday"))).isEmpty();
    assertThat(queues.add(event("b", "tuesday"))).isEmpty();
    assertThat(queues.add(event("b", "monday")))
        .singleElement()
        .satisfies(
            due ->
                assertThat(due.events()).extracting(AssetEvent::partition).containsOnly("monday"));
    assertThat(queues.waiting().get("dag")).hasSize(1);
  }

  @Test
  void eachDagConsumesTheEventsForItself() {
    AssetQueues queues =
        queues(
            new AssetSchedule("one", "q", AssetCondition.of(A)),
            new AssetSchedule("two", "q", AssetCondition.all(A, B)));

    assertThat(queues.add(event("a", null)))
        .extracting(due -> due.schedule().dag())
        .containsExactly("one");
    assertThat(queues.add(event("b", null)))
        .extracting(due -> due.schedule().dag())
        .containsExactly("two");
  }

  /** Nothing lost, nothing twice: every event of the DAG's assets is in one run or still waits. */
  @Property(tries = 500)
  void everyEventIsConsumedOnceOrWaits(
      @ForAll @Size(max = 60) List<@IntRange(max = 3) Integer> assets,
      @ForAll @IntRange(max = 2) int partitions,
      @ForAll @IntRange(min = 1, max = 10) int restartEvery) {
    AssetQueues queues = queues(new AssetSchedule("dag", "q", A_AND_B_OR_C, partitions > 0));
    List<AssetEvent> sent = new ArrayList<>();
    List<AssetEvent> consumed = new ArrayList<>();
    for (int i = 0; i < assets.size(); i++) {
      AssetEvent event =
          new AssetEvent(
              List.of("a", "b", "c", "x").get(assets.get(i)),
              partitions == 0 ? null : "p" + i % (partitions + 1),
              "source-" + i,
              Instant.EPOCH);
      sent.add(event);
      for (AssetQueues.Due due : queues.add(event)) {
        assertThat(
                A_AND_B_OR_C.holds(
                    Set.copyOf(due.events().stream().map(AssetEvent::asset).toList())))
            .isTrue();
        consumed.addAll(due.events());
      }
      if (i % restartEvery == 0) {
        queues = restarted(queues);
      }
    }
    List<AssetEvent> known = new ArrayList<>(consumed);
    known.addAll(queues.waiting().getOrDefault("dag", List.of()));

    assertThat(known).doesNotHaveDuplicates();
    assertThat(known)
        .containsExactlyInAnyOrderElementsOf(
            sent.stream().filter(event -> !event.asset().equals("x")).toList());
  }

  /** An asset that is made on and on must not make the hub too large to continue as new. */
  @Test
  void ofAnAssetThatIsMadeOnAndOnTheOldestGo() {
    AssetQueues queues = queues(new AssetSchedule("dag", "q", AssetCondition.all(A, B, C)));
    queues.add(event("b", null));
    for (int i = 0; i <= AssetQueues.MAX_WAITING; i++) {
      queues.add(new AssetEvent("a", null, "source-" + i, Instant.EPOCH));
    }

    List<AssetEvent> waiting = queues.waiting().get("dag");
    assertThat(waiting).hasSize(AssetQueues.MAX_WAITING).contains(event("b", null));
    assertThat(waiting.get(1).source()).isEqualTo("source-2");
  }

  @Test
  void aConditionNeedsAssets() {
    assertThatThrownBy(() -> AssetCondition.any(new Asset[0]))
        .hasMessage("A condition needs at least one asset");
    assertThatThrownBy(() -> new Asset(" ")).hasMessage("An asset needs a name");
  }

  @Test
  void whatIsNoLongerDeclaredIsForgotten() {
    AssetQueues queues = queues(new AssetSchedule("dag", "q", AssetCondition.all(A, B)));
    queues.add(event("a", null));

    queues.declare(List.of());

    assertThat(queues.waiting()).isEmpty();
    assertThat(queues.add(event("b", null))).isEmpty();
  }

  /** As a continue-as-new does it: through the converter. */
  private static AssetQueues restarted(AssetQueues queues) {
    var converter = DefaultDataConverter.STANDARD_INSTANCE;
    AssetQueues restored = new AssetQueues();
    restored.restore(
        converter.fromPayload(
            converter
                .toPayload(
                    new HubState(List.copyOf(queues.schedules()), queues.waiting(), null, null))
                .orElseThrow(),
            HubState.class,
            HubState.class));
    assertThat(new TreeMap<>(restored.waiting())).isEqualTo(new TreeMap<>(queues.waiting()));
    return restored;
  }

  private static AssetQueues queues(AssetSchedule... schedules) {
    AssetQueues queues = new AssetQueues();
    queues.restore(new HubState(List.of(schedules), Map.of(), null, null));
    return queues;
  }

  private static AssetEvent event(String asset, @Nullable String partition) {
    return new AssetEvent(asset, partition, "test", Instant.EPOCH);
  }
}
