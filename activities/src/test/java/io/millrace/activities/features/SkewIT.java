package io.millrace.activities.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.events.CdcEnvelope;
import io.millrace.core.events.Event;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.EventType;
import io.millrace.core.events.OutputEnvelope;
import io.millrace.core.events.RawEnvelope;
import io.millrace.core.features.FeatureMoment;
import io.millrace.core.features.OnlineGuard;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.features.OnlineRow;
import io.millrace.flink.features.CountActivity;
import io.millrace.flink.features.OnlineUpdate;
import io.millrace.flink.features.SessionEvent;
import io.millrace.workflows.features.FeatureScope;
import io.millrace.workflows.features.MaterializeRequest;
import io.millrace.workflows.features.MaterializeResult;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The stream's operators and the warehouse's SQL give the same features to the same events. */
class SkewIT {
  private static final Instant START = Instant.parse("2019-10-01T23:59:57Z");
  private static final AtomicLong WORLDS = new AtomicLong();
  private static final MaterializeRequest INCREMENTAL =
      new MaterializeRequest(FeatureScope.INCREMENTAL, 3);
  private static final MaterializeRequest FULL = new MaterializeRequest(FeatureScope.FULL, 3);
  private static final String AS_OF =
      """
      SELECT DISTINCT ON (user_id, product_id) * FROM dwh.vw_event_features
       WHERE event_timestamp <= {0} AND user_id BETWEEN {1} AND {2}
       ORDER BY user_id, product_id, event_timestamp DESC, event_id DESC
      """;

  private static FeatureFixture rig;

  @BeforeContainer
  static void start() throws Exception {
    rig = new FeatureFixture();
  }

  @AfterContainer
  static void stop() {
    rig.close();
  }

  /** A message on its way: an event, through Kafka or through CDC. */
  private record Arrival(
      int second, EventType type, int product, int user, int visit, boolean cdc) {
    Event event(long world) {
      String text = List.of("a.b.c", "ü.\"x\"", "..", "").get((type.code().length() + product) % 4);
      return new Event(
          START.plusSeconds(second),
          type,
          product,
          9,
          text.isEmpty() ? null : text,
          text.isEmpty() ? null : text,
          product / 7.0,
          world * 10 + user,
          "visit-" + world + "-" + visit);
    }

    byte[] validated(long world) {
      Event event = event(world);
      return OutputEnvelope.valid(cdc ? CdcEnvelope.of(event) : RawEnvelope.of(event), START);
    }
  }

  /** Any order; few times, users, products and sessions, so that ties and copies are common. */
  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 6), // across midnight
            Arbitraries.of(EventType.class),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(1, 2),
            Arbitraries.of(true, false))
        .as(Arrival::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(14);
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void theStreamAndTheWarehouseAgreeAtEveryMoment(@ForAll("arrivals") List<Arrival> arrivals)
      throws Exception {
    long world = WORLDS.incrementAndGet();
    rig.load(arrivals.stream().map(arrival -> arrival.validated(world)).toList());

    for (int second = 0; second <= 6; second++) {
      int until = second;
      List<OnlineUpdate> updates = stream(world, arrivals, arrival -> arrival.second <= until);
      assertThat(merged(updates))
          .as("after %d s", second)
          .isEqualTo(warehouse(world, START.plusSeconds(second)));
    }
    assertThat(pointInTime(world)).isEqualTo(asOf(world));
    List<OnlineUpdate> all = stream(world, arrivals, arrival -> true);
    rig.online.apply(all.stream().map(u -> new StoredRow(u.key(), u.value())).toList());
    OnlineVerification.Report report = OnlineVerification.of(rig.warehouse, rig.online, true, 3);
    assertThat(report.first()).isEmpty();
    assertThat(report.equal()).isEqualTo(report.rows()).isPositive();
    assertThat(report.onlyOnline()).isZero();
  }

  @Example
  void writesBesideTheLiveJobWhatIsMissingAndNothingOlder() throws Exception {
    long world = WORLDS.incrementAndGet();
    Arrival first = new Arrival(0, EventType.VIEW, 1, 1, 1, false);
    Arrival second = new Arrival(1, EventType.CART, 2, 1, 1, true);
    Arrival live = new Arrival(5, EventType.CART, 2, 1, 1, false);
    rig.load(List.of(first.validated(world), second.validated(world)));
    rig.redis.flushall();
    String newer = OnlineRow.of(live.event(world), 3).text();
    rig.online.apply(List.of(new StoredRow(key(world, 2), newer)));

    MaterializeResult written = rig.features.materialize(INCREMENTAL);

    assertThat(written.changed()).isEqualTo(written.rows() - 1);
    assertThat(rig.redis.get(key(world, 1))).isEqualTo(OnlineRow.of(first.event(world), 1).text());
    assertThat(rig.redis.get(key(world, 2))).isEqualTo(newer);
    assertThat(rig.redis.pttl(key(world, 1))).isBetween(1L, Duration.ofHours(1).toMillis());
    assertThatThrownBy(() -> rig.features.materialize(INCREMENTAL))
        .hasStackTraceContaining("No session got events");

    rig.redis.flushall();
    assertThat(rig.features.materialize(FULL).changed()).isPositive();
    assertThat(OnlineVerification.of(rig.warehouse, rig.online, true, 3).differences()).isZero();
  }

  @Example
  void reportsWhatDiffers() throws Exception {
    long world = WORLDS.incrementAndGet();
    List<Arrival> arrivals = new ArrayList<>();
    for (int product = 1; product <= 4; product++) {
      arrivals.add(new Arrival(product, EventType.VIEW, product, 1, 1, false));
    }
    rig.load(arrivals.stream().map(arrival -> arrival.validated(world)).toList());
    rig.features.materialize(FULL);
    rig.redis.del(key(world, 1));
    rig.redis.set(key(world, 2), OnlineRow.of(arrivals.get(1).event(world), 1).text());
    rig.redis.append(key(world, 3), " ");
    Event later = new Arrival(9, EventType.VIEW, 4, 1, 1, false).event(world);
    rig.redis.set(key(world, 4), OnlineRow.of(later, 5).text());
    rig.redis.set(key(world, 99), OnlineRow.of(later, 5).text());

    OnlineVerification.Report report = OnlineVerification.of(rig.warehouse, rig.online, true, 2);

    assertThat(report.missing()).isEqualTo(1);
    assertThat(report.behind()).isEqualTo(1);
    assertThat(report.different()).isEqualTo(1);
    assertThat(report.ahead()).isEqualTo(1);
    assertThat(report.onlyOnline()).isEqualTo(1);
    assertThat(report.first()).hasSize(2);
    assertThat(report.first().get(0).kind()).isEqualTo("missing");
    rig.redis.flushall();
    rig.features.materialize(FULL);
  }

  private static String key(long world, long product) {
    return new OnlineKey(world * 10 + 1, product).text();
  }

  private static List<OnlineUpdate> stream(
      long world, List<Arrival> arrivals, Predicate<Arrival> seen) throws Exception {
    EventReader reader = new EventReader();
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<String, SessionEvent, OnlineUpdate>(
            new KeyedProcessOperator<>(new CountActivity(Duration.ofHours(1))),
            SessionEvent::key,
            Types.STRING);
    try {
      harness.open();
      for (Arrival arrival : arrivals) {
        if (seen.test(arrival)) {
          var message = new ConsumerRecord<>("t", 0, 0, new byte[0], arrival.validated(world));
          harness.processElement(SessionEvent.read(reader, message, START), 0);
        }
      }
      return harness.extractOutputValues();
    } finally {
      harness.close();
    }
  }

  private static Map<String, String> merged(List<OnlineUpdate> updates) {
    Map<String, String> store = new HashMap<>();
    for (OnlineUpdate update : updates) {
      String value = OnlineGuard.merge(store.get(update.key()), update.value());
      if (value != null) {
        store.put(update.key(), value);
      }
    }
    return store;
  }

  /** What training would ask for: every user and product at every second, in one look-up. */
  private static List<String> pointInTime(long world) {
    List<FeatureMoment> moments = new ArrayList<>();
    for (int second = -1; second <= 6; second++) {
      for (OnlineKey key : keys(world)) {
        moments.add(new FeatureMoment(key, START.plusSeconds(second).plusNanos(999)));
      }
    }
    PointInTimeFeatures features =
        new PointInTimeFeatures(rig.warehouse, PointInTimeFeatures.DEFAULT_TIMEOUT);
    return features.find(moments).stream()
        .map(row -> row == null ? "unknown" : row.text())
        .toList();
  }

  private static List<String> asOf(long world) {
    List<String> rows = new ArrayList<>();
    for (int second = -1; second <= 6; second++) {
      Map<String, String> known = warehouse(world, START.plusSeconds(second));
      keys(world).forEach(key -> rows.add(known.getOrDefault(key.text(), "unknown")));
    }
    return rows;
  }

  private static List<OnlineKey> keys(long world) {
    List<OnlineKey> keys = new ArrayList<>();
    for (long user = 1; user <= 2; user++) {
      for (long product = 1; product <= 3; product++) {
        keys.add(new OnlineKey(world * 10 + user, product));
      }
    }
    return keys;
  }

  private static Map<String, String> warehouse(long world, Instant time) {
    Map<String, String> rows = new HashMap<>();
    rig.rows(AS_OF, OffsetDateTime.ofInstant(time, ZoneOffset.UTC), world * 10, world * 10 + 9)
        .forEach(
            record -> {
              StoredRow row = OfflineRows.row(record);
              rows.put(row.key(), row.value());
            });
    return rows;
  }
}
