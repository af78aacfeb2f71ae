package io.millrace.activities.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.Event;
import io.millrace.engine.RunReport;
import io.millrace.engine.RunReport.RunState;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.lake.DaySlice;
import io.millrace.workflows.warehouse.DayResult;
import io.millrace.workflows.warehouse.GoldLoad;
import io.millrace.workflows.warehouse.GoldResult;
import io.millrace.workflows.warehouse.WarehouseActivities;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** However a history is cut into objects and runs, and wherever a run stops, gold is the same. */
class InterruptedRunIT extends WarehouseServers {
  static final List<String> CONTENT =
      List.of(
          "SELECT event_id, event_timestamp, events_in_session, price, brand, category_l1"
              + " FROM dwh.fact_events ORDER BY 1",
          "SELECT user_session, session_start, session_end, event_count, price_sum, min_price,"
              + " max_price FROM silver.sessions ORDER BY 1",
          "SELECT * FROM dwh.dim_product ORDER BY 1",
          "SELECT * FROM dwh.dim_category ORDER BY 1",
          "SELECT * FROM dwh.dim_user ORDER BY 1",
          "SELECT * FROM dwh.dim_date ORDER BY 1",
          "SELECT * FROM dwh.vw_ml_purchase_prediction ORDER BY 1");

  /** Where a run is made to stop. */
  enum Stop {
    NOWHERE,
    BEFORE_SILVER,
    IN_SILVER,
    BEFORE_GOLD,
    AFTER_GOLD
  }

  /** Fails for good at a given point, as a run that was terminated there. */
  static final class StopWithSavepoint implements WarehouseActivities {
    private final WarehouseActivities real;
    private final AtomicReference<Stop> stop;

    StopWithSavepoint(WarehouseActivities real, AtomicReference<Stop> stop) {
      this.real = real;
      this.stop = stop;
    }

    @Override
    public DayResult transform(DaySlice day) {
      stopAt(Stop.BEFORE_SILVER);
      DayResult result = real.transform(day);
      stopAt(Stop.IN_SILVER);
      return result;
    }

    @Override
    public GoldResult loadGold(GoldLoad load) {
      stopAt(Stop.BEFORE_GOLD);
      GoldResult result = real.loadGold(load);
      stopAt(Stop.AFTER_GOLD);
      return result;
    }

    private void stopAt(Stop point) {
      if (stop.get() == point) {
        throw ApplicationFailure.newNonRetryableFailure(
            "stopped " + point, PipelineFailure.INVALID_INPUT.name());
      }
    }
  }

  @Test
  void theNextRunCompletesOneThatStoppedAnywhere() throws Exception {
    List<Event> events = TestEvents.some(1_200);
    AtomicReference<Stop> stop = new AtomicReference<>(Stop.NOWHERE);
    try (PipelineFixture rig =
        PipelineFixture.start(stack.endpoints(), real -> new StopWithSavepoint(real, stop))) {
      int from = 0;
      for (Stop point : Stop.values()) {
        rig.lake.put("part-" + point, events.subList(from, from + 240));
        from += 240;
        stop.set(point);
        if (point != Stop.NOWHERE) {
          assertThatThrownBy(rig::run).hasStackTraceContaining("stopped " + point);
        }
        stop.set(Stop.NOWHERE);
        RunReport report = rig.run();
        assertThat(report.state()).isEqualTo(RunState.SUCCESS);
      }

      assertThat(content(rig)).isEqualTo(oneShot(events));
    }
  }

  @Test
  void anySplitIntoObjectsAndRunsGivesTheSameGold() throws Exception {
    List<Event> events = TestEvents.some(1_000);
    List<List<String>> expected = oneShot(events);
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      List<Event> deck = new ArrayList<>(events);
      deck.addAll(events.subList(0, random.nextInt(400))); // duplicates
      Collections.shuffle(deck, random);
      try (PipelineFixture rig = PipelineFixture.start(stack.endpoints())) {
        int from = 0;
        for (int object = 0; from < deck.size(); object++) {
          int to = Math.min(deck.size(), from + 1 + random.nextInt(300));
          rig.lake.put("part-" + object, deck.subList(from, to));
          from = to;
          if (random.nextBoolean()) {
            rig.run();
          }
        }
        rig.run();

        assertThat(content(rig)).as("seed %d", seed).isEqualTo(expected);
      }
    }
  }

  private static List<List<String>> oneShot(List<Event> events) throws Exception {
    try (PipelineFixture rig = PipelineFixture.start(stack.endpoints())) {
      rig.lake.put("all", events);
      rig.run();
      return content(rig);
    }
  }

  private static List<List<String>> content(PipelineFixture rig) {
    return CONTENT.stream().map(rig::rows).toList();
  }
}
