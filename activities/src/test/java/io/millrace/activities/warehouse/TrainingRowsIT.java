package io.millrace.activities.warehouse;

import static io.millrace.activities.warehouse.TestEvents.event;
import static io.millrace.core.events.EventType.CART;
import static io.millrace.core.events.EventType.PURCHASE;
import static io.millrace.core.events.EventType.VIEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.activities.training.TrainingRows;
import io.millrace.core.events.Event;
import io.millrace.core.features.PurchaseLabel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The view of training rows, and {@link PurchaseLabel}, whose rule it is in SQL. */
class TrainingRowsIT extends EmptyWarehouse {
  private static final String ROWS =
      "SELECT user_session, activity_count, is_purchased FROM dwh.vw_ml_purchase_prediction"
          + " ORDER BY user_session";

  private PGSimpleDataSource warehouse() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(rig.jdbcUrl());
    source.setUser(stack.endpoints().postgres().user());
    source.setPassword(stack.endpoints().postgres().password());
    return source;
  }

  @Test
  void aCartIsARowOnceTheHorizonHasPassedSinceItAndNotBefore() throws Exception {
    rig.lake.put(
        "a",
        List.of(
            event("2019-10-06T09:00:00Z", CART, 1, "bought"),
            event("2019-10-06T09:30:00Z", PURCHASE, 1, "bought"),
            event("2019-10-06T09:00:00Z", CART, 1, "late"),
            event("2019-10-06T09:30:01Z", PURCHASE, 1, "late"),
            event("2019-10-06T09:00:01Z", CART, 1, "open"),
            event("2019-10-06T09:00:02Z", CART, 1, "open-but-bought"),
            event("2019-10-06T09:00:03Z", PURCHASE, 1, "open-but-bought")));
    rig.run();
    assertThat(rig.rows(ROWS)).containsExactly("bought 1 1", "late 1 0", "open 1 0");

    rig.lake.put("b", List.of(event("2019-10-06T09:30:02Z", VIEW, 9, "newer")));
    rig.run();
    assertThat(rig.rows(ROWS))
        .containsExactly("bought 1 1", "late 1 0", "open 1 0", "open-but-bought 1 1");
  }

  @Test
  void aPurchaseInTheCartsOwnInstantCountsAndIsNoFeature() throws Exception {
    rig.lake.put(
        "a",
        List.of(
            event("2019-10-06T08:59:59Z", VIEW, 1, "s"),
            event("2019-10-06T09:00:00Z", CART, 1, "s"),
            event("2019-10-06T09:00:00Z", PURCHASE, 1, "s"),
            event("2019-10-06T09:00:00Z", PURCHASE, 2, "s"),
            event("2019-10-06T11:00:00Z", VIEW, 9, "newer")));
    rig.run();

    assertThat(rig.rows(ROWS)).containsExactly("s 3 1");
  }

  @Test
  void anEventThatHasNotHappenedYetSettlesNoLabel() throws Exception {
    rig.lake.put(
        "a",
        List.of(
            event("2019-10-06T09:00:00Z", CART, 1, "open"),
            event(Instant.now().plus(Duration.ofDays(2)).toString(), VIEW, 1, "clock-ahead")));
    rig.run();
    assertThat(rig.rows(ROWS)).isEmpty();
  }

  @Test
  void showsWhatTheLabelsRuleSaysWhateverTheHorizon() throws Exception {
    List<Event> events = new ArrayList<>(TestEvents.some(1_500));
    Random random = new Random(5);
    for (Event cart : TestEvents.some(1_500)) {
      if (cart.eventType() == CART && random.nextInt(3) > 0) {
        long seconds = random.nextInt(3) * 900L + random.nextInt(2);
        events.add(
            new Event(
                cart.eventTime().plusSeconds(random.nextInt(4) == 0 ? 0 : seconds),
                PURCHASE,
                cart.productId(),
                cart.categoryId(),
                cart.categoryCode(),
                cart.brand(),
                cart.price(),
                cart.userId(),
                cart.userSession()));
      }
    }
    events = events.stream().distinct().toList();
    rig.lake.put("a", events);
    rig.run();

    for (Duration horizon : Stream.of(1, 15, 30, 24 * 60).map(Duration::ofMinutes).toList()) {
      List<String> expected = TrainingRows.of(events, horizon);
      assertThat(TrainingRows.read(warehouse(), horizon))
          .as("horizon %s", horizon)
          .isEqualTo(expected)
          .hasSizeGreaterThan(100)
          .anyMatch(row -> row.endsWith(", 1]"))
          .anyMatch(row -> row.endsWith(", 0]"));
    }
    assertThat(rig.number("SELECT count(*) FROM dwh.vw_ml_purchase_prediction"))
        .as("the view's own horizon is the default")
        .isEqualTo(TrainingRows.of(events, PurchaseLabel.HORIZON).size());
    assertThat(rig.number("SELECT sum(is_purchased) FROM dwh.vw_ml_purchase_prediction"))
        .isEqualTo(
            TrainingRows.of(events, PurchaseLabel.HORIZON).stream()
                .filter(row -> row.endsWith(", 1]"))
                .count());
  }
}
