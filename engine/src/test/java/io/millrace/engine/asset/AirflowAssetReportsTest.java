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
