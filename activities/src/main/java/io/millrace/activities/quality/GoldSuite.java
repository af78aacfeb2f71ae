package io.millrace.activities.quality;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;

import io.millrace.core.events.EventType;
import io.millrace.core.quality.ExpectColumnValuesToBeBetween;
import io.millrace.core.quality.ExpectColumnValuesToBeInSet;
import io.millrace.core.quality.ExpectColumnValuesToBeUnique;
import io.millrace.core.quality.ExpectColumnValuesToExistInTable;
import io.millrace.core.quality.ExpectColumnValuesToNotBeNull;
import io.millrace.core.quality.ExpectTableRowCountToBeBetween;
import io.millrace.core.quality.Expectation;
import io.millrace.core.quality.SuiteResult;
import io.millrace.workflows.quality.QualityActivities;
import io.millrace.workflows.quality.QualityLimits;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jooq.DSLContext;

/** {@code gold_layer_suite}: the facts of some days. */
final class GoldSuite {
  private GoldSuite() {}

  static SuiteResult evaluate(DSLContext sql, List<LocalDate> days, QualityLimits limits) {
    // Inlined, so that the planner leaves out all other partitions.
    MeasuredTable facts =
        new MeasuredTable(
            sql,
            "dwh.fact_events",
            field(name("t", "event_date"), LocalDate.class)
                .in(days.stream().map(day -> inline(day)).toList()));
    return facts.evaluate(QualityActivities.GOLD_LAYER_SUITE, expectations(limits));
  }

  private static List<Expectation> expectations(QualityLimits limits) {
    return List.of(
        new ExpectTableRowCountToBeBetween(limits.minRows(), Long.MAX_VALUE),
        new ExpectColumnValuesToNotBeNull("event_timestamp"),
        new ExpectColumnValuesToNotBeNull("user_session"),
        new ExpectColumnValuesToBeUnique("event_id"),
        new ExpectColumnValuesToBeInSet(
            "event_type", Arrays.stream(EventType.values()).map(EventType::code).toList()),
        ExpectColumnValuesToBeBetween.above("price", 0),
        new ExpectColumnValuesToBeBetween("event_hour", 0, 23),
        new ExpectColumnValuesToBeBetween("events_in_session", 1, Integer.MAX_VALUE),
        new ExpectColumnValuesToExistInTable("user_id", "dwh.dim_user", "user_id"),
        new ExpectColumnValuesToExistInTable("product_id", "dwh.dim_product", "product_id"),
        new ExpectColumnValuesToExistInTable("category_id", "dwh.dim_category", "category_id"),
        new ExpectColumnValuesToExistInTable("event_date", "dwh.dim_date", "event_date"));
  }
}
