package io.millrace.engine.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.NotReady;
import io.millrace.engine.TaskSkipped;
import io.millrace.engine.payload.MemoryBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoredTaskLogsTest {

  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration NEVER = Duration.ofDays(1);

  private final MemoryBlobStore store = new MemoryBlobStore();
  private StoredTaskLogs logs = logs(10_000, 1 << 20, SOON);

  @AfterEach
  void close() {
    logs.close();
  }

  @Test
  void aTryIsStoredWhenItHasEnded() {
    logs.close();
    logs = logs(10_000, 1 << 20, NEVER);
    TaskLogSink.Capture grind = logs.begin(tried("grind", 1));
    logs.add(grind.id(), "a stone turns\n");
    grind.end().ended(null);

    String text = text("grind");
    assertThat(text.lines().toList()).hasSize(3);
    assertThat(text)
        .startsWith("=== dag=mill run=r1 task=grind attempt=1 worker=7@mill started=")
        .contains("a stone turns\n=== ended: success after ");
    assertThat(logs.droppedLogs()).isZero();
  }

  @Test
  void aTryThatGoesOnIsStoredSoFar() {
    TaskLogSink.Capture grind = logs.begin(tried("grind", 1));
    logs.add(grind.id(), "first\n");
    await().untilAsserted(() -> assertThat(text("grind")).endsWith("first\n"));
    assertThat(content("grind").ended()).isFalse();

    logs.add(grind.id(), "second\n");
    await().untilAsserted(() -> assertThat(text("grind")).endsWith("first\nsecond\n"));
    grind.end().ended(new IllegalStateException("the stone is broken"));
    await().untilAsserted(() -> assertThat(content("grind").ended()).isTrue());
    assertThat(text("grind"))
        .contains("\tat io.millrace.engine.logs.StoredTaskLogsTest")
        .contains("=== ended: failed after ")
        .endsWith(": java.lang.IllegalStateException: the stone is broken\n");
  }

  @Test
  void closingWritesAllThatIsLeft() {
    logs.close();
    logs = logs(10_000, 64 << 20, NEVER);
    TaskLogSink.Capture runs = logs.begin(tried("runs", 1));
    logs.add(runs.id(), "and is not yet done\n");
    for (int i = 0; i < 12_000; i++) {
      TaskLogSink.Capture grind = logs.begin(tried("grind", i));
      logs.add(grind.id(), "a stone turns\n");
      grind.end().ended(null);
    }
    logs.close();

    assertThat(store.blobs()).hasSize(12_001);
    assertThat(logs.droppedLogs()).isZero();
    assertThat(text("runs")).endsWith("and is not yet done\n");
  }

  @Test
  void twoWritersOfOneLogDoNotLoseIt() {
    logs.close();
    logs = logs(10_000, 1 << 20, Duration.ofMillis(1));
    for (int i = 0; i < 200; i++) {
      TaskLogSink.Capture grind = logs.begin(tried("grind", i));
      logs.add(grind.id(), "a stone turns\n");
      Thread.onSpinWait();
      grind.end().ended(null);
    }
    logs.close();

    TaskLogs read = new TaskLogs(store);
    assertThat(read.tries("mill", "r1", "grind"))
        .hasSize(200)
        .allSatisfy(log -> assertThat(read.read(log).text()).contains("turns", "=== ended"));
  }

  @Test
  void aTryThatSaidNothingIsStoredOnlyIfItFailed() {
    logs.begin(tried("fine", 1)).end().ended(null);
    logs.begin(tried("poke", 1)).end().ended(NotReady.because("no file"));
    logs.begin(tried("skips", 1)).end().ended(TaskSkipped.because("nothing to do"));
    logs.begin(tried("fails", 1)).end().ended(new IllegalStateException("no stone"));
    logs.close();

    assertThat(store.blobs().keySet()).singleElement().asString().contains("task_id=fails/");
  }

  @Test
  void theMiddleOfALongLogIsLeftOutAndCounted() {
    logs.close();
    logs = logs(2_000, 1 << 20, NEVER);
    TaskLogSink.Capture grind = logs.begin(tried("grind", 1));
    for (int i = 0; i < 10_000; i++) {
      logs.add(grind.id(), "line %d\n".formatted(i));
    }
    logs.add(grind.id(), "x".repeat(1 << 20) + "\n");
    grind.end().ended(null);

    String text = text("grind");
    assertThat(text.length()).isLessThan(2_500);
    assertThat(text).contains("line 0\nline 1\n", "… (cut: 1,048,577 characters)");
    assertThat(text)
        .containsPattern("=== 9,[0-9]{3} lines \\([0-9]{2,3},[0-9]{3} bytes\\) are left out here")
        .contains("at most 2,000 bytes: logs.max-size");
    assertThat(text).contains("=== ended: success");
  }

  @Test
  void whileTheStoreIsDownLogsWaitAndAreThenWritten() {
    logs.close();
    logs = logs(10_000, 1 << 20, Duration.ofMillis(200));
    store.down(true);
    TaskLogSink.Capture grind = logs.begin(tried("grind", 1));
    logs.add(grind.id(), "during the outage\n");
    await().until(() -> logs.failedWrites() >= 2);
    grind.end().ended(null);
    store.down(false);

    await().untilAsserted(() -> assertThat(content("grind").ended()).isTrue());
    assertThat(text("grind")).contains("during the outage");
    assertThat(logs.droppedLogs()).isZero();
  }

  @Test
  void aStoreThatStaysDownCostsTheLogAndNothingElse() {
    store.down(true);
    TaskLogSink.Capture grind = logs.begin(tried("grind", 1));
    logs.add(grind.id(), "lost\n");
    grind.end().ended(null);

    await().until(() -> logs.droppedLogs() == 1);
    assertThat(logs.memoryInUse()).isZero();
    assertThat(store.blobs()).isEmpty();
  }

  @Test
  void thereIsALimitForAllTogether() {
    logs.close();
    logs = logs(10_000, 1_000, NEVER);
    List<TaskLogSink.Capture> many =
        List.of(logs.begin(tried("one", 1)), logs.begin(tried("two", 1)));
    for (int i = 0; i < 100; i++) {
      for (TaskLogSink.Capture capture : many) {
        logs.add(capture.id(), "a line of thirty bytes or so\n");
      }
    }
    assertThat(logs.memoryInUse()).isLessThanOrEqualTo(1_000);
    assertThat(logs.droppedLines()).isGreaterThan(160);
    many.forEach(capture -> capture.end().ended(null));
    assertThat(text("two")).contains("lines (").contains("left out here");
    await().until(() -> logs.memoryInUse() == 0);
  }

  @Test
  void triesAreNumberedOverClearsAndOldOnesGo() {
    store.put(LogKeys.of(new TaskTry("mill", "r1", "grind", null, TEN, 2)), new byte[0]);
    store.put(LogKeys.of(new TaskTry("mill", "r1", "grind", null, TEN, 1)), new byte[0]);
    TaskTry cleared = new TaskTry("mill", "r1", "grind", null, TEN.plusSeconds(60), 1);
    store.put(LogKeys.of(cleared), new byte[0]);
    store.put(LogKeys.of(new TaskTry("mill", "r11", "grind", null, TEN, 1)), new byte[0]);
    TaskLogs read = new TaskLogs(store);

    assertThat(read.tries("mill", "r1", null))
        .extracting(TaskLogs.Stored::number)
        .containsExactly(1, 2, 3);
    assertThat(read.tries("mill", "r1", "grind").get(2).tried()).isEqualTo(cleared);
    assertThat(read.tries("mill", "r1", "grin")).isEmpty();

    store.age(LogKeys.of(cleared), TEN);
    assertThat(read.deleteBefore(TEN.plusSeconds(1))).isEqualTo(1);
    assertThat(read.tries("mill", "r1", null)).hasSize(2);
  }

  private StoredTaskLogs logs(int maxBytes, long maxMemory, Duration every) {
    return new StoredTaskLogs(
        store,
        "7@mill",
        new StoredTaskLogs.Options(maxBytes, maxMemory, every, Duration.ofSeconds(30)));
  }

  private static TaskTry tried(String task, int attempt) {
    return new TaskTry("mill", "r1", task, null, TEN, attempt);
  }

  private String text(String task) {
    return content(task).text();
  }

  private TaskLogs.Content content(String task) {
    TaskLogs read = new TaskLogs(store);
    await().ignoreExceptions().until(() -> !read.tries("mill", "r1", task).isEmpty());
    return read.read(read.tries("mill", "r1", task).get(0));
  }
}
