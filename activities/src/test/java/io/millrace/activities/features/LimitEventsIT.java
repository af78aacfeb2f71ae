package io.millrace.activities.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.features.FeatureMoment;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.workflows.features.FeatureScope;
import io.millrace.workflows.features.MaterializeRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Record;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Valid events at every limit, in the lake: each is loaded and goes through all layers to the
 * online store, or is in quarantine with its reason and its line.
 */
class LimitEventsIT {
  private static final Map<String, Event> EVENTS =
      LimitEvents.all().stream().collect(Collectors.toMap(EventIdentity::hex, Function.identity()));

  private static FeatureFixture rig;

  @BeforeAll
  static void load() throws Exception {
    rig = new FeatureFixture();
    rig.load(
        LimitEvents.all().stream()
            .map(event -> OutputEnvelope.valid(RawEnvelope.of(event), Instant.EPOCH))
            .toList());
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void eachIsLoadedOrInQuarantine() {
    long loaded = number("SELECT count(*) FROM bronze.events");
    List<Record> quarantined = rig.rows("SELECT line_number, reason FROM quarantine.rows");

    assertThat(loaded + quarantined.size()).isEqualTo(EVENTS.size());
    assertThat(number("SELECT event_rows FROM lake.objects")).isEqualTo(loaded);
    assertThat(number("SELECT quarantined_rows FROM lake.objects")).isEqualTo(quarantined.size());
    for (Record row : quarantined) {
      Event event = LimitEvents.all().get(row.get("line_number", Integer.class) - 1);
      assertThat(row.get("reason", String.class)).containsPattern(reason(event));
    }
  }

  /** Why an event cannot be loaded, of those limits that the tables and the window have. */
  private static String reason(Event event) {
    int year = event.eventTime().atOffset(ZoneOffset.UTC).getYear();
    if (year < 1995 || year > LocalDate.now(ZoneOffset.UTC).getYear()) {
      return "event_time .* is outside of 1995-01-01 to .*warehouse.earliest-date";
    }
    return event.price() > 99_999_999.99
        ? "price must be at most 99999999.99"
        : "(user_session|brand|category_code) must have at most 255 characters, but has";
  }

  @Test
  void whatIsLoadedIsTheSameInEveryLayer() {
    long loaded = number("SELECT count(*) FROM bronze.events");
    assertThat(loaded).isGreaterThan(60);
    assertThat(number("SELECT count(*) FROM silver.events")).isEqualTo(loaded);
    assertThat(number("SELECT count(*) FROM dwh.fact_events")).isEqualTo(loaded);
    assertThat(number("SELECT sum(event_count) FROM silver.sessions")).isEqualTo(loaded);
    assertThat(number("SELECT count(*) FROM lake.slices WHERE finished_at IS NULL")).isZero();
    for (Record fact :
        rig.rows("SELECT * FROM dwh.fact_events JOIN dwh.dim_product USING (product_id)")) {
      Event event = EVENTS.get(HexFormat.of().formatHex(fact.get("event_id", byte[].class)));
      assertThat(fact.get("user_id")).isEqualTo(event.userId());
      assertThat(fact.get("product_id")).isEqualTo(event.productId());
      assertThat(fact.get("category_id")).isEqualTo(event.categoryId());
      assertThat(fact.get("user_session")).isEqualTo(event.userSession());
    }
    for (String view :
        List.of(
            "dwh.vw_user_session_summary",
            "dwh.vw_category_performance",
            "dwh.vw_ml_purchase_prediction",
            "dwh.vw_event_features",
            "silver.sessions",
            "silver.events")) {
      assertThat(rig.rows("SELECT * FROM " + view)).isNotEmpty();
    }
  }

  @Test
  void whatIsLoadedIsOnlineAndKnownAtItsTime() {
    rig.features.materialize(new MaterializeRequest(FeatureScope.FULL, 1_000));
    PointInTimeFeatures features =
        new PointInTimeFeatures(rig.warehouse, PointInTimeFeatures.DEFAULT_TIMEOUT);

    for (Record row : rig.rows("SELECT event_id FROM dwh.fact_events")) {
      Event event = EVENTS.get(HexFormat.of().formatHex(row.get(0, byte[].class)));
      OnlineKey key = new OnlineKey(event.userId(), event.productId());
      assertThat(rig.redis.get(key.text())).isEqualTo(OnlineRow.of(event, 1).text());
      assertThat(features.find(List.of(new FeatureMoment(key, event.eventTime()))))
          .containsExactly(OnlineRow.of(event, 1));
    }
    assertThat(OnlineVerification.of(rig.warehouse, rig.online, true, 3).differences()).isZero();
  }

  private static long number(String sql) {
    return ((Number) rig.rows(sql).get(0).get(0)).longValue();
  }
}
