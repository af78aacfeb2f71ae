package io.millrace.engine.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.payload.Retention.Swept;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

  private static final Retention MONTH = new Retention(Duration.ofDays(30));

  @TempDir Path folder;

  @Test
  void deletesWhatIsPastItAndNothingElse() {
    MemoryBlobStore store = new MemoryBlobStore();
    for (String key :
        new String[] {
          "payloads/2026-10-01/a",
          "payloads/2026-10-21/b",
          "payloads/2026-10-22/c",
          "payloads/2026-11-21/d",
          "memo/old",
          "memo/young",
          "other/2020-01-01/e"
        }) {
      store.put(key, new byte[1]);
    }
    store.age("memo/old", Instant.parse("2026-10-20T00:00:00Z"));
    store.age("memo/young", Instant.parse("2026-10-25T00:00:00Z"));

    Swept swept = MONTH.sweep(store, at("2026-11-21T00:00:00Z"));

    assertThat(swept).isEqualTo(new Swept(2, 1));
    assertThat(store.blobs().keySet())
        .containsExactly(
            "memo/young", "other/2020-01-01/e", "payloads/2026-10-22/c", "payloads/2026-11-21/d");
    assertThat(MONTH.sweep(store, at("2026-11-21T00:00:00Z"))).isEqualTo(new Swept(0, 0));
  }

  @Test
  void aBlobLastsTheWholeRetentionAfterTheEndOfItsDay() {
    FileBlobStore store = new FileBlobStore(folder);
    store.put("payloads/2026-10-21/a", new byte[1]);

    assertThat(MONTH.sweep(store, at("2026-11-20T23:59:59Z")).payloads()).isZero();
    assertThat(MONTH.sweep(store, at("2026-11-21T00:00:00Z")).payloads()).isEqualTo(1);
    assertThat(store.get("payloads/2026-10-21/a")).isEmpty();
  }

  @Test
  void mustOutlastTheHistories() {
    assertThat(Retention.of(Duration.ofDays(60), Duration.ofDays(30)).keep()).hasDays(60);
    assertThatThrownBy(() -> Retention.of(Duration.ofDays(30), Duration.ofDays(30)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("payloads.retention is 30 days, but histories are kept for 30 days");
  }

  @Test
  void aForeignObjectStopsIt() {
    MemoryBlobStore store = new MemoryBlobStore();
    store.put("payloads/notes.txt", new byte[1]);

    assertThatThrownBy(() -> MONTH.sweep(store, at("2026-11-21T00:00:00Z")))
        .hasMessageContaining("'payloads/notes.txt' has no day in its key");
  }

  private static Clock at(String instant) {
    return Clock.fixed(Instant.parse(instant), ZoneOffset.UTC);
  }
}
