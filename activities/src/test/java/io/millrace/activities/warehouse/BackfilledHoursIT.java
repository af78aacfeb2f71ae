package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.events.Event;
import io.millrace.engine.NodeState;
import io.millrace.engine.RunReport;
import io.millrace.engine.TaskReport;
import io.millrace.engine.backfill.BackfillReport;
import io.millrace.engine.backfill.BackfillRequest;
import io.millrace.engine.backfill.Reprocess;
import io.millrace.engine.schedule.Timetable;
import io.millrace.stack.Component;
import io.millrace.stack.LocalStack;
import io.millrace.workflows.lake.LakeHours;
import io.millrace.workflows.warehouse.DataPipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A backfill of {@code data_pipeline} on real servers does what its dates say. */
class BackfilledHoursIT {
  private static final Instant FIRST = Instant.parse("2019-10-04T00:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final List<Event> events = TestEvents.some(300);

  @Test
  void takesItsHoursAndReprocessingReplacesThem() throws Exception {
    try (LocalStack stack =
            LocalStack.forTests(Component.POSTGRES, Component.S3, Component.TEMPORAL);
        PipelineFixture rig = PipelineFixture.onServer(stack.endpoints())) {
      for (int hour = 0; hour < 5; hour++) {
        rig.lake.put(folder(hour) + "part", of(hour));
      }

      BackfillReport first = backfill(rig, 1, 3, Reprocess.NONE);

      assertThat(first.succeeded()).isEqualTo(3);
      assertThat(facts(rig)).isEqualTo(of(1).size() + of(2).size() + of(3).size());
      assertThat(rig.number("SELECT count(*) FROM dwh.fact_events WHERE event_hour NOT IN (1,2,3)"))
          .isZero();

      rig.lake.put(folder(2) + "part", of(2).subList(0, 1));
      rig.lake.remove(folder(3) + "part");
      assertThat(backfill(rig, 1, 3, Reprocess.NONE).existing()).isEqualTo(3);
      assertThat(facts(rig)).isEqualTo(of(1).size() + of(2).size() + of(3).size());

      BackfillReport again = backfill(rig, 1, 3, Reprocess.COMPLETED);

      assertThat(again).returns(2, BackfillReport::succeeded).returns(1, BackfillReport::skipped);
      assertThat(facts(rig)).isEqualTo(of(1).size() + 1 + of(3).size());
      assertThat(rig.number("SELECT count(*) FROM bronze.events")).isEqualTo(facts(rig));
      RunReport empty = rig.report("data_pipeline-" + hour(3));
      assertThat(empty.tasks())
          .filteredOn(task -> !task.id().equals("check_minio_connection"))
          .extracting(TaskReport::state)
          .containsOnly(NodeState.SKIPPED);
      assertThat(empty.task("list_new_objects").detail())
          .startsWith("No objects in 2019-10-04T03:00Z..2019-10-04T04:00Z")
          .contains("1 objects that were loaded and are gone stay");
    }
  }

  private static BackfillReport backfill(PipelineFixture rig, int from, int to, Reprocess reprocess)
      throws TimeoutException {
    JsonNode params =
        new ObjectMapper()
            .valueToTree(Map.of("bucket", rig.lake.bucket(), "prefix", TestLake.PREFIX));
    String id =
        rig.backfills()
            .start(
                BackfillRequest.of(
                        DataPipeline.NAME,
                        Timetable.parse("@hourly zone=UTC"),
                        hour(from),
                        hour(to))
                    .withReprocess(reprocess)
                    .withParams(params));
    return rig.backfills().await(id, LIMIT);
  }

  private static long facts(PipelineFixture rig) {
    return rig.number("SELECT count(*) FROM dwh.fact_events");
  }

  private List<Event> of(int hour) {
    return events.stream()
        .filter(event -> event.eventTime().truncatedTo(ChronoUnit.HOURS).equals(hour(hour)))
        .toList();
  }

  private static Instant hour(int number) {
    return FIRST.plus(number, ChronoUnit.HOURS);
  }

  private static String folder(int hour) {
    return LakeHours.folder("", hour(hour));
  }
}
