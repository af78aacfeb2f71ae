package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.asset.ConsumerLedger.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rule: each consumer consumes every event of its assets once, in one run or still to come, and
 * what any workflow keeps is below 1 MB, however many events, partitions and consumers there are.
 */
class ShardedHubTest {

  private static final List<String> NAMES = List.of("a", "b", "c", "x");
  private static final AssetCondition A_AND_B_OR_C =
      AssetCondition.all(of("a"), AssetCondition.any(of("b"), of("c")));
  private static final AssetCondition A_OR_B = AssetCondition.any(of("a"), of("b"));
  private static final AssetCondition A_AND_B = AssetCondition.all(of("a"), of("b"));

  private static final List<AssetSchedule> SCHEDULES =
      List.of(
          new AssetSchedule("plain", "q", A_AND_B_OR_C),
          new AssetSchedule("either", "q", A_OR_B),
          new AssetSchedule("each", "q", A_AND_B).eachPartition(),
          new AssetSchedule("eachEither", "q", A_AND_B_OR_C).eachPartition());

  @Property(tries = 300)
  void everyEventIsConsumedOnceByEachConsumerAndRunsStartWhenTheConditionHolds(
      @ForAll @Size(max = 80) List<@IntRange(max = 3) Integer> assets,
      @ForAll @IntRange(min = 1, max = 4) int partitions,
      @ForAll @IntRange(max = 5) int stepsBetween,
      @ForAll long seed) {
    SimulatedHub hub = new SimulatedHub(seed);
    hub.declare(SCHEDULES);
    List<AssetEvent> sent = new ArrayList<>();
    for (int i = 0; i < assets.size(); i++) {
      String partition = i % partitions == 0 ? null : "p" + i % partitions;
      sent.add(event(NAMES.get(assets.get(i)), partition, i));
      hub.emit(sent.get(i));
      IntStream.range(0, stepsBetween).forEach(step -> hub.step());
      if (i % 10 == 0) {
        hub.declare(SCHEDULES);
      }
    }
    hub.settle();
    hub.restartAll();
    hub.settle();

    for (AssetSchedule schedule : SCHEDULES) {
      assertConsumedOnce(hub, schedule, sent);
    }
  }

  private static void assertConsumedOnce(
      SimulatedHub hub, AssetSchedule schedule, List<AssetEvent> sent) {
    Set<String> assets = schedule.condition().assets();
    List<AssetEvent> consumed = new ArrayList<>();
    for (Run run : hub.runs(schedule.dag())) {
      assertThat(schedule.condition().holds(names(run.events()))).isTrue();
      if (schedule.byPartition()) {
        assertThat(run.events().stream().map(event -> String.valueOf(event.partition())).distinct())
            .hasSize(1);
      }
      consumed.addAll(run.events());
    }
    assertThat(consumed).doesNotHaveDuplicates().allMatch(event -> event.earlier() == null);
    List<AssetEvent> left =
        sent.stream()
            .filter(event -> assets.contains(event.asset()) && !consumed.contains(event))
            .toList();
    assertThat(consumed).hasSize((int) count(sent, assets) - left.size());
    // What is left is not enough for a run, and the consumer knows of it.
    List<String> groups =
        schedule.byPartition()
            ? left.stream().map(event -> String.valueOf(event.partition())).distinct().toList()
            : List.of("all");
    for (String group : groups) {
      Set<String> changed =
          names(
              left.stream()
                  .filter(
                      event ->
                          group.equals("all") || group.equals(String.valueOf(event.partition())))
                  .toList());
      assertThat(schedule.condition().holds(changed)).as("%s has %s", group, left).isFalse();
    }
    assertThat(hub.consumer(schedule.dag()).has()).isEqualTo(names(left));
    // Within an asset the order is kept.
    if (!schedule.byPartition()) {
      for (String asset : assets) {
        assertThat(
                consumed.stream()
                    .filter(event -> event.asset().equals(asset))
                    .map(event -> Integer.valueOf(event.source())))
            .isSorted();
      }
    }
  }

  /** A17's numbers: 10,000 events, 200 consumers of (a AND b_i), of one and of many partitions. */
  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "true,true"})
  void tenThousandEventsWaitForTwoHundredConsumersInLittleSpace(
      boolean manyPartitions, boolean eachPartition) {
    int events = 10_000;
    int consumers = 200;
    SimulatedHub hub = new SimulatedHub(1);
    hub.declare(
        IntStream.range(0, consumers)
            .mapToObj(
                i ->
                    new AssetSchedule(
                        "dag" + i, "q", AssetCondition.all(of("a"), of("b" + i)), eachPartition))
            .toList());
    for (int i = 0; i < events; i++) {
      hub.emit(event("a", manyPartitions ? partition(i) : null, i));
      if (i % 2_000 == 0) {
        hub.settle();
      }
    }
    hub.settle();
    hub.restartAll();
    for (int i = 0; i < consumers; i++) {
      hub.emit(event("b" + i, eachPartition ? partition(events - 1 - i) : null, i));
    }
    hub.settle();
    hub.restartAll();

    for (int i = 0; i < consumers; i++) {
      assertThat(hub.runs("dag" + i)).hasSize(1);
      List<AssetEvent> reasons = hub.runs("dag" + i).get(0).events();
      assertThat(hub.consumer("dag" + i).givenUp()).isZero();
      if (eachPartition) {
        assertThat(reasons)
            .extracting(AssetEvent::partition)
            .containsExactly(partition(events - 1 - i), partition(events - 1 - i));
        assertThat(reasons.get(0).source()).isEqualTo("" + (events - 1 - i));
      } else {
        assertThat(reasons.stream().mapToLong(AssetEvent::count).sum()).isEqualTo(events + 1);
        AssetEvent oldest = reasons.get(0);
        assertThat(Objects.requireNonNull(oldest.earlier()).isComplete()).isTrue();
        Set<String> partitions = new HashSet<>(oldest.earlier().partitions());
        reasons.stream()
            .filter(event -> event.partition() != null)
            .forEach(event -> partitions.add(event.partition()));
        assertThat(partitions).hasSize(manyPartitions ? events : 0);
      }
    }
  }

  /** Beyond what can be kept nothing is lost in silence: it is counted, and shown. */
  @Test
  void partitionsThatNobodyCompletesAreGivenUpOldestFirstAndCounted() {
    SimulatedHub hub = new SimulatedHub(1);
    hub.declare(List.of(new AssetSchedule("each", "q", A_AND_B).eachPartition()));
    int events = 30_000;
    for (int i = 0; i < events; i++) {
      hub.emit(event("a", partition(i), i));
      if (i % 2_000 == 0) {
        hub.settle();
      }
    }
    hub.settle();
    hub.restartAll();

    ConsumerLedger each = hub.consumer("each");
    int waiting = each.state().queue().getOrDefault("a", List.of()).size();
    assertThat(each.givenUp()).isPositive().isEqualTo(events - waiting);
    assertThat(each.markdown()).contains(each.givenUp() + " events were given up");
    hub.emit(event("b", partition(events - waiting + 10), 0));
    hub.emit(event("b", partition(0), 0));
    hub.settle();
    assertThat(hub.runs("each")).hasSize(1);
    assertThat(hub.runs("each").get(0).events())
        .extracting(AssetEvent::source)
        .containsExactlyInAnyOrder(AssetEvent.NOT_KEPT, "0");
  }

  @Test
  void longNamesAndLargeExtrasNeedNoMoreSpace() {
    SimulatedHub hub = new SimulatedHub(1);
    hub.declare(
        List.of(
            new AssetSchedule("plain", "q", A_AND_B),
            new AssetSchedule("each", "q", A_AND_B).eachPartition()));
    for (int i = 0; i < 5_000; i++) {
      hub.emit(
          new AssetEvent(
              "a",
              "\"é€".repeat(150) + i,
              "s".repeat(200),
              Instant.EPOCH,
              TextNode.valueOf("\u0001".repeat(150))));
      if (i % 200 == 0) {
        hub.settle();
      }
    }
    hub.settle();
    hub.restartAll();
    hub.emit(event("b", null, 1));
    hub.settle();

    assertThat(hub.runs("plain").get(0).events().stream().mapToLong(AssetEvent::count).sum())
        .isEqualTo(5_001);
    assertThat(hub.runs("plain").get(0).events().get(0).earlier())
        .isNotNull()
        .matches(earlier -> !earlier.isComplete());
  }

  private static long count(List<AssetEvent> events, Set<String> assets) {
    return events.stream().filter(event -> assets.contains(event.asset())).count();
  }

  private static Set<String> names(List<AssetEvent> events) {
    return events.stream().map(AssetEvent::asset).collect(Collectors.toSet());
  }

  private static AssetEvent event(String asset, @Nullable String partition, int number) {
    return new AssetEvent(asset, partition, "" + number, Instant.ofEpochSecond(number));
  }

  private static String partition(int i) {
    return "2026-11-21/%05d".formatted(i);
  }

  private static AssetCondition of(String asset) {
    return AssetCondition.of(new Asset(asset));
  }
}
