package io.millrace.engine.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.asset.AssetDelivery.Numbered;
import io.temporal.common.converter.DefaultDataConverter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AssetLogTest {

  /**
   * Consumers come and go, and each begins somewhere at or before what was taken last: every record
   * is taken once, in order.
   */
  @Property(tries = 300)
  void eachRecordIsTakenOnceHoweverOftenItIsDelivered(
      @ForAll @Size(max = 20) List<@IntRange(max = 9) Integer> lengths,
      @ForAll @IntRange(max = 5) int back) {
    AssetLog log = new AssetLog();
    List<String> taken = new ArrayList<>();
    long next = 0;
    for (int length : lengths) {
      long from = Math.max(0, next - back);
      log.take(delivery("k/0", from, from + length)).forEach(event -> taken.add(event.source()));
      log = restarted(log);
      next = Math.max(next, from + length);
    }

    assertThat(taken)
        .containsExactlyElementsOf(
            LongStream.range(0, next).mapToObj(offset -> "k/0/" + offset).toList());
  }

  @Test
  void partitionsAndNewTopicsOfTheSameNameAreLogsOfTheirOwn() {
    AssetLog log = new AssetLog();
    assertThat(log.take(delivery("first/0", 0, 3))).hasSize(3);
    assertThat(log.take(delivery("first/1", 0, 3))).hasSize(3);
    assertThat(log.take(delivery("second/0", 0, 1))).hasSize(1);
    assertThat(log.take(delivery("first/0", 1, 4))).hasSize(1);
  }

  @Test
  void countsAllAndRemembersTheLast() {
    AssetLog log = new AssetLog();
    for (int i = 0; i <= AssetLog.MAX_EVENTS; i++) {
      log.add(new AssetEvent("a", null, "source-" + i, Instant.EPOCH.plusSeconds(i)));
    }
    AssetSchedule waits =
        new AssetSchedule("dag", "q", AssetCondition.all(new Asset("a"), new Asset("b")));

    assertThat(log.latest()).hasSize(AssetLog.MAX_EVENTS);
    assertThat(log.latest().get(0).source()).isEqualTo("source-200");
    assertThat(restarted(log).assets(List.of(waits)))
        .containsExactly(
            new AssetReport("a", 201, Instant.EPOCH.plusSeconds(200), "source-200", List.of("dag")),
            new AssetReport("b", 0, null, null, List.of("dag")));
  }

  @Test
  void namesThatWereHeardOfLastStay() {
    AssetLog log = new AssetLog();
    for (int i = 0; i <= AssetLog.MAX_NAMES; i++) {
      log.add(new AssetEvent("a" + i, null, "s", Instant.EPOCH));
    }

    assertThat(log.assets(List.of()))
        .hasSize(AssetLog.MAX_NAMES)
        .noneMatch(asset -> asset.asset().equals("a0"));
  }

  @Test
  void whatIsTooLargeForAnEventSaysSo() {
    assertThatThrownBy(
            () ->
                new AssetEvent("a", null, "s", Instant.EPOCH, TextNode.valueOf("x".repeat(1_000))))
        .hasMessageContaining("asset 'a'")
        .hasMessageContaining("at most 1000 characters as JSON, not 1002");
  }

  private static AssetDelivery delivery(String log, long from, long to) {
    return new AssetDelivery(
        log,
        LongStream.range(from, to)
            .mapToObj(
                offset ->
                    new Numbered(
                        offset, new AssetEvent("a", null, log + "/" + offset, Instant.EPOCH)))
            .toList());
  }

  /** As a continue-as-new does it: through the converter. */
  private static AssetLog restarted(AssetLog log) {
    var converter = DefaultDataConverter.STANDARD_INSTANCE;
    AssetLog restored = new AssetLog();
    restored.restore(
        converter.fromPayload(
            converter.toPayload(log.state()).orElseThrow(),
            AssetLog.State.class,
            AssetLog.State.class));
    return restored;
  }
}
