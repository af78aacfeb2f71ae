package io.millrace.activities.quality;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;

import io.millrace.core.events.EventType;
import io.millrace.core.quality.ExpectColumnValuesToBeBetween;
import io.millrace.core.quality.ExpectColumnValuesToBeInSet;
import io.millrace.core.quality.ExpectTableRowCountToBeBetween;
import io.millrace.core.quality.Expectation;
import io.millrace.core.quality.ExpectationResult;
import io.millrace.core.quality.SuiteResult;
import io.millrace.workflows.quality.QualityActivities;
import io.millrace.workflows.quality.QualityLimits;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** {@code gold_layer_suite}: the facts of some days. */
final class GoldSuite {
  private GoldSuite() {}

  static SuiteResult evaluate(DSLContext sql, List<LocalDate> days, QualityLimits limits) {
    // Inlined, so that the planner leaves out all other partitions.
    Condition inDays =
        field(name("t", "event_date"), LocalDate.class)
            .in(days.stream().map(day -> inline(day)).toList());
    MeasuredTable facts = new MeasuredTable(sql, "dwh.fact_events", inDays);
    List<ExpectationResult> results =
        new ArrayList<>(
            facts.evaluate(QualityActivities.GOLD_LAYER_SUITE, expectations(limits)).results());
    results.addAll(new Reconciliation(sql, days).results(limits.orDefault().maxDuplicateShare()));
    return new SuiteResult(QualityActivities.GOLD_LAYER_SUITE, results);
  }

  private static List<Expectation> expectations(QualityLimits limits) {
    return List.of(
        new ExpectTableRowCountToBeBetween(limits.minRows(), Long.MAX_VALUE),
        new ExpectColumnValuesToBeInSet(
            "event_type", Arrays.stream(EventType.values()).map(EventType::code).toList()),
        ExpectColumnValuesToBeBetween.above("price", 0),
        new ExpectColumnValuesToBeBetween("event_hour", 0, 23));
  }
}
