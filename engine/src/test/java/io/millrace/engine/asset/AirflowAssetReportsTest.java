package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.asset.ConsumerLedger.Run;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Public reports of faults in Airflow's scheduling by assets, tried here. */
class AirflowAssetReportsTest {

  private static final AssetCondition A = AssetCondition.of(new Asset("a"));
  private static final AssetCondition A_AND_B = AssetCondition.all(new Asset("a"), new Asset("b"));

  private final SimulatedHub hub = new SimulatedHub(7);

  /** apache/airflow 35870 and 25210: tasks that end at the same moment; runs were missing. */
  @Test
  void manyProducersOfOneAssetAtOnceLoseNothing() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A)));
    for (int i = 0; i < 16; i++) {
      emit("a", null, i);
    }
    hub.settle();

    assertThat(sources("sink").stream().flatMap(List::stream).toList())
        .containsExactlyElementsOf(IntStream.range(0, 16).mapToObj(String::valueOf).toList());
  }

  /** apache/airflow 56750, 41101 (fixed by 62501): a run started without some of its events. */
  @Test
  void aRunHasAnEventOfEachAssetThatItsConditionNeeds() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A_AND_B)));
    for (int i = 0; i < 100; i++) {
      emit(i % 3 == 0 ? "a" : "b", null, i);
      hub.step();
    }
    hub.settle();

    assertThat(hub.runs("sink")).isNotEmpty();
    assertThat(hub.runs("sink"))
        .allMatch(run -> run.events().stream().map(AssetEvent::asset).distinct().count() == 2);
  }

  /** apache/airflow 54491 and 63507: two schedulers start two runs for one event. */
  @Test
  void oneEventStartsOneRunAlsoIfItsNewsArrivesTwice() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A)));
    for (int i = 0; i < 50; i++) {
      emit("a", null, i);
      hub.settle();
    }

    assertThat(sources("sink"))
        .containsExactlyElementsOf(
            IntStream.range(0, 50).mapToObj(i -> List.of(String.valueOf(i))).toList());
  }

  /** apache/airflow 38826: a new or recreated consumer saw all of the asset's history. */
  @Test
  void aNewOrRecreatedConsumerSeesNoEventFromBefore() {
    AssetSchedule sink = new AssetSchedule("sink", "q", A_AND_B);
    emit("a", null, 1);
    hub.declare(List.of(sink));
    emit("b", null, 2);
    hub.settle();
    assertThat(hub.runs("sink")).isEmpty();

    hub.declare(List.of());
    emit("a", null, 3);
    hub.declare(List.of(sink));
    emit("b", null, 4);
    hub.settle();
    assertThat(hub.runs("sink")).isEmpty();
    emit("a", null, 5);
    hub.settle();
    assertThat(sources("sink")).containsExactly(List.of("4", "5"));
  }

  /** apache/airflow 59337: a consumer that was unparsable for a moment missed the update. */
  @Test
  void aConsumerThatIsDeclaredAgainKeepsWhatWaits() {
    AssetSchedule sink = new AssetSchedule("sink", "q", A_AND_B);
    hub.declare(List.of(sink));
    emit("a", null, 1);
    hub.settle();
    hub.declare(List.of(sink, new AssetSchedule("other", "q", A)));
    emit("b", null, 2);
    hub.settle();

    assertThat(sources("sink")).containsExactly(List.of("1", "2"));
  }

  /** apache/airflow 49805: events during a run were shown with the wrong run, or never. */
  @Test
  void whatIsMadeWhileARunIsOnBelongsToTheNext() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A)));
    emit("a", null, 1);
    hub.settle();
    emit("a", null, 2);
    emit("a", null, 3);
    hub.settle();

    assertThat(sources("sink").stream().flatMap(List::stream).toList())
        .containsExactly("1", "2", "3");
    assertThat(hub.consumer("sink").has()).isEmpty();
  }

  /** An asset that is taken out of the condition no longer counts; the others wait on. */
  @Test
  void aChangedConditionKeepsWhatWaitsForTheAssetsThatStay() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A_AND_B)));
    emit("a", null, 1);
    hub.settle();
    hub.declare(
        List.of(
            new AssetSchedule("sink", "q", AssetCondition.all(new Asset("a"), new Asset("c")))));
    emit("b", null, 2);
    emit("c", null, 3);
    hub.settle();

    assertThat(sources("sink")).containsExactly(List.of("1", "3"));
  }

  /** apache/airflow 56541 and 52711: a run without one of 16 assets; no run though all had come. */
  @Test
  void ofManyAssetsEachIsNeededAlsoAcrossRestarts() {
    List<String> names = IntStream.range(0, 16).mapToObj(i -> "asset" + i).toList();
    hub.declare(
        List.of(
            new AssetSchedule(
                "sink",
                "q",
                AssetCondition.all(names.stream().map(Asset::new).toArray(Asset[]::new)))));
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < names.size(); i++) {
        assertThat(hub.runs("sink")).hasSize(round);
        emit(names.get((i + round) % names.size()), null, round);
        hub.restartAll();
        hub.settle();
      }
      assertThat(hub.runs("sink")).hasSize(round + 1);
      assertThat(hub.runs("sink").get(round).events())
          .allMatch(event -> !event.source().isEmpty())
          .hasSize(16);
    }
  }

  /** A restart between any two steps, as of a scheduler, loses and repeats nothing. */
  @Test
  void nothingIsLostOrRepeatedByRestartsBetweenAllSteps() {
    hub.declare(
        List.of(
            new AssetSchedule("sink", "q", A), new AssetSchedule("each", "q", A).eachPartition()));
    for (int i = 0; i < 200; i++) {
      emit("a", "p" + i % 7, i);
      hub.restartAll();
      hub.step();
      hub.restartAll();
    }
    hub.settle();

    List<String> all = IntStream.range(0, 200).mapToObj(String::valueOf).toList();
    assertThat(sources("sink").stream().flatMap(List::stream)).containsExactlyElementsOf(all);
    assertThat(sources("each").stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(all);
  }

  /** A consumer that is no longer declared must not run for news that was on its way. */
  @Test
  void aRemovedConsumerIsNotStartedByWhatWasOnItsWay() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A), new AssetSchedule("other", "q", A)));
    emit("a", null, 1);
    AssetMessage late = new AssetMessage.News("a", "sink", "log of a", 0, 1, List.of(), 0);
    hub.declare(List.of(new AssetSchedule("other", "q", A)));
    hub.deliver(late);
    hub.settle();
    hub.deliver(late);
    emit("a", null, 2);
    hub.settle();

    assertThat(hub.runs("sink")).isEmpty();
    assertThat(hub.consumer("sink").schedule()).isNull();
    assertThat(sources("other").stream().flatMap(List::stream)).containsExactly("1", "2");
  }

  /** An asset without consumers is shown; its events start nothing, also not later. */
  @Test
  void eventsOfAnAssetWithoutConsumersStartNothingEver() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A_AND_B)));
    emit("b", null, 1);
    hub.settle();
    hub.declare(List.of(new AssetSchedule("sink", "q", A)));
    emit("b", null, 2);
    hub.settle();
    hub.declare(List.of(new AssetSchedule("sink", "q", A_AND_B)));
    emit("a", null, 3);
    hub.settle();

    assertThat(hub.runs("sink")).isEmpty();
    assertThat(hub.asset("b").report().events()).isEqualTo(2);
    emit("b", null, 4);
    hub.settle();
    assertThat(sources("sink")).containsExactly(List.of("3", "4"));
  }

  /** apache/airflow 39456: one that comes later, also of each partition, sees later events only. */
  @Test
  void aConsumerThatIsAddedLaterDoesNotSeeOldEventsNorTakeThoseOfOthers() {
    AssetSchedule first = new AssetSchedule("first", "q", A_AND_B);
    hub.declare(List.of(first));
    emit("a", "p", 1);
    hub.settle();
    hub.declare(List.of(first, new AssetSchedule("second", "q", A_AND_B).eachPartition()));
    emit("b", "p", 2);
    hub.settle();
    assertThat(sources("first")).containsExactly(List.of("1", "2"));
    assertThat(hub.runs("second")).isEmpty();

    emit("a", "p", 3);
    hub.settle();
    assertThat(sources("second")).containsExactly(List.of("2", "3"));
  }

  /** apache/airflow 63507: also if the producer's worker dies and its event is sent again. */
  @Test
  void anEventThatIsSentAgainStartsNoSecondRun() {
    hub.declare(List.of(new AssetSchedule("sink", "q", A)));
    AssetMessage emission =
        new AssetMessage.Emission(
            "a",
            "run/1",
            List.of(
                new AssetDelivery.Numbered(0, new AssetEvent("a", null, "task", Instant.EPOCH))));
    for (int i = 0; i < 3; i++) {
      hub.deliver(emission);
      hub.settle();
      hub.restartAll();
    }

    assertThat(sources("sink")).containsExactly(List.of("task"));
  }

  private void emit(String asset, @Nullable String partition, int number) {
    hub.emit(new AssetEvent(asset, partition, "" + number, Instant.EPOCH));
  }

  private List<List<String>> sources(String dag) {
    return hub.runs(dag).stream()
        .map(Run::events)
        .map(events -> events.stream().map(AssetEvent::source).toList())
        .toList();
  }
}
