package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.DagRuns;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.engine.payload.GrainDags.Harvest;
import io.millrace.testing.Waiting;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large and secret values on a real server. */
class PayloadsIT {

  private static final String MARKER = "marker-of-the-miller";
  private static final PayloadOptions PLAIN = PayloadOptions.DEFAULT;
  private static final PayloadOptions SECRET =
      PLAIN.withKeys(new EncryptionKeys("k", Map.of("k", new byte[32])));

  private final MemoryBlobStore store = new MemoryBlobStore();
  private final GrainWorkers workers = new GrainWorkers();

  @AfterEach
  void stopWorkers() {
    workers.close();
  }

  @Test
  void threeMegabytesPassFromTaskToTaskAndTheHistoryStaysSmall() throws Exception {
    workers.start("large", store, PLAIN);
    DagRuns runs = workers.runs("large", store, PLAIN);

    String id = runs.trigger("bulky", new Harvest(3 << 20, "", ""));
    RunReport report = runs.await(id, Waiting.LIMIT);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("weigh").detail()).isEqualTo("3145728 bytes");
    assertThat(GrainWorkers.history(id).getSerializedSize()).isLessThan(20_000);
    assertThat(store.blobs()).hasSize(1);
  }

  @Test
  void aHundredMegabytesFailTheTaskAtOnceAndNoOther() throws Exception {
    workers.start("huge", store, PLAIN);
    DagRuns runs = workers.runs("huge", store, PLAIN);

    RunReport report =
        runs.await(runs.trigger("bulky", new Harvest(100 << 20, "", "")), Waiting.LIMIT);

    assertThat(report.state()).isEqualTo(RunState.FAILED);
    assertThat(report.task("reap").state()).isEqualTo(NodeState.FAILED);
    assertThat(report.task("reap").detail())
        .startsWith("PayloadTooLarge: An argument or the result of activity Reap in run bulky-")
        .contains("is 104,857,602 bytes, more than the limit of 67,108,864 bytes")
        .contains("pass a reference");
    assertThat(report.task("weigh").state()).isEqualTo(NodeState.UPSTREAM_FAILED);
    assertThat(report.task("sweep").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(store.blobs()).isEmpty();
  }

  @Test
  void aHundredLargeInputsAtOnceFitIntoOneMessage() throws Exception {
    workers.start("sacks", store, PLAIN);
    DagRuns runs = workers.runs("sacks", store, PLAIN);

    RunReport report = runs.await(runs.trigger("sacks", null), Waiting.LIMIT);

    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThat(report.task("weigh").progress()).isEqualTo("100/100");
  }

  @Test
  void whatIsJustBelowTheLimitPassesWithoutAHitch() throws Exception {
    workers.start("sixty", store, PLAIN);
    DagRuns runs = workers.runs("sixty", store, PLAIN);

    String id = runs.trigger("bulky", new Harvest(60 << 20, "", ""));

    assertThat(runs.await(id, Waiting.LIMIT).task("weigh").detail()).isEqualTo("62914560 bytes");
    assertThat(GrainWorkers.history(id).getEventsList())
        .extracting(HistoryEvent::getEventType)
        .doesNotContain(EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED);
  }

  @Test
  void anEncryptedHistoryHoldsNothingOfTheValues() throws Exception {
    workers.start("secret", store, SECRET);
    DagRuns runs = workers.runs("secret", store, SECRET);

    String good = runs.trigger("bulky", new Harvest(3 << 20, "", MARKER));
    String bad = runs.trigger("spoiling", new Harvest(0, "", MARKER));

    assertThat(runs.await(good, Waiting.LIMIT).params()).contains(MARKER);
    assertThat(runs.await(bad, Waiting.LIMIT).task("spoil").detail()).contains(MARKER);
    for (String id : new String[] {good, bad}) {
      assertThat(GrainWorkers.history(id).getEventsList())
          .filteredOn(HistoryEvent::hasUserMetadata)
          .isNotEmpty()
          .allSatisfy(
              event ->
                  assertThat(Envelope.is(event.getUserMetadata().getSummary(), Encryption.ENCODING))
                      .isTrue());
      assertThat(text(GrainWorkers.history(id).toByteArray())).doesNotContain(MARKER);
    }
    String sample = new GrainDags.Farm().reap(3 << 20).substring(0, 20);
    assertThat(store.blobs().values())
        .isNotEmpty()
        .allSatisfy(blob -> assertThat(text(blob)).doesNotContain(sample));
  }

  @Test
  void runsThatWerePlainGoOnWhenEncryptionIsTurnedOn() throws Exception {
    workers.start("turning", store, SECRET);
    DagRuns before = workers.runs("turning", store, PLAIN);

    String id = before.trigger("bulky", new Harvest(1_000, "", MARKER));

    RunReport report = workers.runs("turning", store, SECRET).await(id, Waiting.LIMIT);
    assertThat(report.state()).isEqualTo(RunState.SUCCESS);
    assertThatThrownBy(() -> before.await(id, Waiting.LIMIT))
        .hasStackTraceContaining("key 'k', and no keys are set here");
  }

  @Test
  void anInputThatIsTooLargeForTheRunsOwnWorkerFailsItsTaskAndNoOther() throws Exception {
    int size = 3 << 20;
    PayloadOptions narrow = new PayloadOptions(4 << 10, 128 << 10, 16 << 10, size, null);
    workers.start("narrow", store, narrow);
    workers.start("wide", store, PLAIN);
    DagRuns runs = workers.runs("narrow", store, PLAIN);

    RunReport report =
        runs.await(runs.trigger("bulky", new Harvest(size, "wide", "")), Waiting.LIMIT);

    assertThat(report.task("reap").state()).isEqualTo(NodeState.SUCCESS);
    assertThat(report.task("weigh").detail())
        .startsWith("PayloadTooLarge: An argument or the result of activity Weigh in run bulky-")
        .contains("is 3,145,730 bytes");
    assertThat(report.task("sweep").state()).isEqualTo(NodeState.SUCCESS);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
