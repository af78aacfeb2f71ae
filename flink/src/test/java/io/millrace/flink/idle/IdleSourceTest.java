package io.millrace.flink.idle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;
import org.junit.jupiter.api.Test;

/** When a reader is idle, and when a job is. */
class IdleSourceTest {
  private static final ReaderIdle IDLE = new ReaderIdle(true);
  private static final ReaderIdle BUSY = new ReaderIdle(false);

  private final FakeReader reader = new FakeReader();
  private final IdleReader<String, FakeSplit> idleReader =
      new IdleReader<>(reader, reader.context());
  private final FakeEnumerator enumerator = new FakeEnumerator(2);
  private final IdleEnumerator<FakeSplit, String> idleEnumerator =
      new IdleEnumerator<>(enumerator, enumerator.context());

  @Test
  void aReaderIsIdleOnceACompletedCheckpointCoversAllThatItHasEmitted() throws Exception {
    emit(2);
    checkpoint(1);
    assertThat(reader.reports()).containsExactly(IDLE);
    checkpoint(2);
    assertThat(reader.reports()).containsExactly(IDLE);
    emit(1);
    emit(1);
    assertThat(reader.reports()).containsExactly(IDLE, BUSY);
    checkpoint(3);
    assertThat(reader.reports()).containsExactly(IDLE, BUSY, IDLE);
  }

  @Test
  void aMessageAfterTheBarrierIsNotCovered() throws Exception {
    emit(1);
    idleReader.snapshotState(1);
    emit(1);
    idleReader.notifyCheckpointComplete(1);
    assertThat(reader.reports()).isEmpty();
    checkpoint(2);
    assertThat(reader.reports()).containsExactly(IDLE);
  }

  @Test
  void aCheckpointThatFailsCoversNothing() throws Exception {
    emit(1);
    idleReader.snapshotState(1);
    idleReader.notifyCheckpointAborted(1);
    assertThat(reader.reports()).isEmpty();
    idleReader.snapshotState(2);
    idleReader.snapshotState(3);
    idleReader.notifyCheckpointComplete(3); // 2 was subsumed
    idleReader.notifyCheckpointComplete(2);
    assertThat(reader.reports()).containsExactly(IDLE);
  }

  /** A restarted reader is a new one; its state may hold output that was not published. */
  @Test
  void aReaderThatStartsIsBusyUntilItsFirstCheckpoint() throws Exception {
    idleReader.start();
    idleReader.pollNext(null);
    assertThat(reader.reports()).isEmpty();
    checkpoint(7);
    assertThat(reader.reports()).containsExactly(IDLE);
  }

  @Test
  void aJobIsIdleWhileAllItsReadersAre() {
    idleEnumerator.start();
    report(0, IDLE);
    assertThat(enumerator.signals()).containsExactly(false);
    report(1, IDLE);
    assertThat(enumerator.signals()).containsExactly(false, true);
    report(0, BUSY);
    report(1, BUSY);
    report(1, IDLE);
    assertThat(enumerator.signals()).containsExactly(false, true, false);
    report(0, IDLE);
    assertThat(enumerator.signals()).containsExactly(false, true, false, true);
  }

  @Test
  void aReaderThatFailsOrComesBackIsBusy() {
    idleEnumerator.start();
    report(0, IDLE);
    report(1, IDLE);
    idleEnumerator.addSplitsBack(List.of(new FakeSplit()), 1);
    assertThat(enumerator.signals()).containsExactly(false, true, false);
    report(1, IDLE);
    idleEnumerator.addReader(1);
    assertThat(enumerator.signals()).containsExactly(false, true, false, true, false);
    assertThat(enumerator.calls()).containsExactly("start", "addSplitsBack 1", "addReader 1");
  }

  @Test
  void eventsOfTheWrappedSourceReachItsEnumerator() {
    SourceEvent other = new SourceEvent() {};
    idleEnumerator.handleSourceEvent(1, other);
    assertThat(enumerator.events()).containsExactly(other);
    assertThat(enumerator.signals()).isEmpty();
  }

  private void emit(int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      reader.willEmit();
      idleReader.pollNext(null);
    }
  }

  private void checkpoint(long id) throws Exception {
    idleReader.snapshotState(id);
    idleReader.notifyCheckpointComplete(id);
  }

  private void report(int subtask, ReaderIdle event) {
    idleEnumerator.handleSourceEvent(subtask, event);
  }
}
