package io.millrace.activities.quality;

import static io.millrace.activities.warehouse.schema.lake.Tables.OBJECTS;
import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.falseCondition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import io.millrace.activities.warehouse.HourObjects;
import io.millrace.activities.warehouse.ObjectIds;
import io.millrace.core.events.EventType;
import io.millrace.core.quality.ColumnMeasure;
import io.millrace.core.quality.ExpectColumnMaxToBeBetween;
import io.millrace.core.quality.ExpectColumnValuesToBeBetween;
import io.millrace.core.quality.ExpectColumnValuesToBeInSet;
import io.millrace.core.quality.ExpectTableRowCountToBeBetween;
import io.millrace.core.quality.ExpectTableRowCountToEqual;
import io.millrace.core.quality.Expectation;
import io.millrace.core.quality.ExpectationResult;
import io.millrace.core.quality.SuiteResult;
import io.millrace.workflows.lake.DaySlice;
import io.millrace.workflows.lake.HourScope;
import io.millrace.workflows.quality.QualityActivities;
import io.millrace.workflows.quality.QualityLimits;
import io.millrace.workflows.quality.QualityThresholds;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jspecify.annotations.Nullable;

/** {@code raw_data_suite}: the bronze rows of all objects that are not yet through to gold. */
final class BronzeSuite {
  /** What a run can map over; days beyond these are the next run's. */
  private static final int MAX_DAYS = 400;

  private static final String TABLE = "bronze.events";

  private final DSLContext sql;
  private final @Nullable HourScope hours;
  private final Long[] objects;
  private final Condition scope;
  private final Distributions distributions;

  private BronzeSuite(DSLContext sql, @Nullable HourScope hours, Long[] objects) {
    this.sql = sql;
    this.hours = hours;
    this.objects = objects;
    // The range index finds the rows of the objects, whatever the planner knows yet.
    sql.execute("SET LOCAL enable_seqscan = off");
    scope = isEmpty() ? falseCondition() : condition(ObjectIds.condition("t.object_id", objects));
    distributions = Distributions.measure(sql, scope);
  }

  /**
   * The suite of what is not yet through to gold.
   *
   * @param hours only of objects of these hours; null for all
   */
  static BronzeSuite ofUnfinished(DSLContext sql, @Nullable HourScope hours) {
    return new BronzeSuite(
        sql,
        hours,
        sql.selectDistinct(SLICES.OBJECT_ID)
            .from(SLICES)
            .where(SLICES.FINISHED_AT.isNull(), HourObjects.slices(hours))
            .fetchArray(SLICES.OBJECT_ID));
  }

  boolean isEmpty() {
    return objects.length == 0;
  }

  /** The days that are not yet through to gold, the oldest first. */
  List<DaySlice> days() {
    return sql.select(SLICES.EVENT_DATE, sum(SLICES.EVENT_ROWS))
        .from(SLICES)
        .where(SLICES.FINISHED_AT.isNull(), HourObjects.slices(hours))
        .groupBy(SLICES.EVENT_DATE)
        .orderBy(SLICES.EVENT_DATE)
        .limit(MAX_DAYS)
        .fetch(day -> new DaySlice(day.value1().toString(), day.value2().longValue(), hours));
  }

  /** The rows by value, to compare the next runs with. */
  Distributions distributions() {
    return distributions;
  }

  SuiteResult evaluate(QualityLimits limits) {
    // Objects that were withdrawn have no rows, and are no fault.
    long least =
        !isEmpty() && days().stream().allMatch(day -> day.rows() == 0) ? 0 : limits.minRows();
    MeasuredTable bronze = new MeasuredTable(sql, TABLE, scope);
    List<ExpectationResult> results =
        new ArrayList<>(
            bronze
                .evaluate(QualityActivities.RAW_DATA_SUITE, expectations(limits, least))
                .results());
    results.add(validLines(limits));
    freshness(limits.orDefault()).ifPresent(results::add);
    results.addAll(
        distributions.compare(sql, QualityActivities.RAW_DATA_SUITE, limits.orDefault()));
    return new SuiteResult(QualityActivities.RAW_DATA_SUITE, results);
  }

  private List<Expectation> expectations(QualityLimits limits, long least) {
    List<Expectation> expectations =
        new ArrayList<>(
            List.of(
                new ExpectTableRowCountToBeBetween(least, limits.maxRows()),
                new ExpectTableRowCountToEqual(ledgerRows(), "lake.slices"),
                new ExpectColumnValuesToBeInSet(
                    "event_type", Arrays.stream(EventType.values()).map(EventType::code).toList()),
                ExpectColumnValuesToBeBetween.above("price", 0)));
    QualityThresholds thresholds = limits.orDefault();
    if (distributions.rows() >= thresholds.minSampleRows() && thresholds.maxOutlierShare() < 1) {
      expectations.add(
          new ExpectColumnValuesToBeBetween(
              "price", 0.0, thresholds.maxPrice(), false, false, 1 - thresholds.maxOutlierShare()));
    }
    return expectations;
  }

  /** How many rows the ledger says the objects have now; withdrawn ones have none. */
  private long ledgerRows() {
    return sql.select(coalesce(sum(SLICES.EVENT_ROWS), val(BigDecimal.ZERO)))
        .from(SLICES)
        .where(SLICES.OBJECT_ID.eq(any(objects)))
        .fetchSingle()
        .value1()
        .longValue();
  }

  /** Only of runs that load what is new: the hours of a backfill are old. */
  private Optional<ExpectationResult> freshness(QualityThresholds thresholds) {
    if (thresholds.maxAgeHours() == 0 || hours != null || distributions.rows() == 0) {
      return Optional.empty();
    }
    Instant newest =
        sql.select(max(field(name("t", "event_time"), OffsetDateTime.class)))
            .from(table(name("bronze", "events")).as("t"))
            .where(scope)
            .fetchSingle()
            .value1()
            .toInstant();
    Duration age = Duration.ofSeconds(Math.round(thresholds.maxAgeHours() * 3600));
    return Optional.of(
        new ExpectColumnMaxToBeBetween("event_time", Instant.now().minus(age))
            .evaluate(TABLE, newest));
  }

  /** The lines of the same objects: which share of them are events. */
  private ExpectationResult validLines(QualityLimits limits) {
    Record2<BigDecimal, BigDecimal> lines =
        sql.select(
                coalesce(sum(OBJECTS.EVENT_ROWS), val(BigDecimal.ZERO)),
                coalesce(sum(OBJECTS.QUARANTINED_ROWS), val(BigDecimal.ZERO)))
            .from(OBJECTS)
            .where(OBJECTS.OBJECT_ID.eq(any(objects)))
            .fetchSingle();
    long quarantined = lines.value2().longValue();
    return new ExpectColumnValuesToBeInSet("verdict", List.of("VALID"), limits.validShare())
        .evaluate(
            "lake.lines",
            new ColumnMeasure(
                lines.value1().longValue() + quarantined,
                0,
                quarantined,
                quarantined == 0 ? List.of() : List.of("see quarantine.rows")));
  }
}
