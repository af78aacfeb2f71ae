package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventType;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A source that has stopped is noticed although no object arrives whose rows could be checked. */
class StaleLakeIT extends MigratedWarehouse {
  private static final String NOTHING_NEW = "No new objects under " + TestLake.PREFIX;

  private static final String SKIPPED = "type='TaskSkipped'";

  @Test
  void aRunWithNothingNewFailsOnceTheNewestEventIsTooOld() throws Exception {
    assertThatThrownBy(() -> list(1.0)).hasStackTraceContaining(SKIPPED);
    Instant newest = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(10));
    rig.ingest("a", List.of(event(newest.minusSeconds(86_400)), event(newest)));
    rig.loadAll();

    assertThatThrownBy(() -> list(9.5))
        .hasStackTraceContaining("DATA_QUALITY")
        .hasStackTraceContaining(
            "%s, and the newest event in silver.events is of %s: older than quality.maxAgeHours"
                    .formatted(NOTHING_NEW, newest)
                + " (9.5) allows.");
    assertThatThrownBy(() -> list(11.0)).hasStackTraceContaining(SKIPPED);
    assertThatThrownBy(() -> list(null)).hasStackTraceContaining(SKIPPED);
  }

  private void list(@Nullable Double maxAgeHours) {
    LakeScope scope = new LakeScope(rig.lake.bucket(), TestLake.PREFIX);
    rig.ingest.listNew(new LakeListing(scope, 10, 10, 1 << 20, null, null, null, maxAgeHours));
  }

  private static Event event(Instant time) {
    return new Event(time, EventType.VIEW, 1, 1, null, null, 1.0, 1, time.toString());
  }
}
