package io.millrace.activities.quality;

import static io.millrace.activities.PipelineException.translated;
import static io.millrace.activities.warehouse.schema.quality.Tables.RESULTS;

import io.millrace.activities.warehouse.Warehouse;
import io.millrace.core.quality.SuiteResult;
import io.millrace.engine.Heartbeats;
import io.millrace.engine.TaskSkipped;
import io.millrace.workflows.quality.BronzeCheck;
import io.millrace.workflows.quality.BronzeReport;
import io.millrace.workflows.quality.GoldCheck;
import io.millrace.workflows.quality.QualityActivities;
import io.millrace.workflows.quality.QualityReport;
import io.temporal.activity.Activity;
import java.time.LocalDate;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The quality activities on a real database. */
public final class QualityActivitiesImpl implements QualityActivities {
  private static final Logger logger = LoggerFactory.getLogger(QualityActivitiesImpl.class);

  private final Warehouse warehouse;

  /** Uses, and does not close, the database. */
  public QualityActivitiesImpl(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  @Override
  public BronzeReport checkBronze(BronzeCheck check) {
    try (Heartbeats heartbeats = Heartbeats.start()) {
      heartbeats.progress(RAW_DATA_SUITE);
      String runId = runId();
      return translated(() -> warehouse.transaction(sql -> checkBronze(sql, runId, check)));
    }
  }

  private static BronzeReport checkBronze(DSLContext sql, String runId, BronzeCheck check) {
    // The ledger and bronze are compared as they were at one instant.
    sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    BronzeSuite suite = BronzeSuite.ofUnfinished(sql, check.hours());
    if (suite.isEmpty() && check.rejectedObjects() == 0) {
      throw TaskSkipped.because("Nothing is left to check: another run has taken the objects on");
    }
    SuiteResult result = suite.evaluate(check.limits());
    suite.distributions().store(sql, store(sql, runId, result));
    QualityReport report = report(result);
    return new BronzeReport(withRejected(report, check), suite.days());
  }

  private static QualityReport withRejected(QualityReport report, BronzeCheck check) {
    if (check.rejectedObjects() == 0) {
      return report;
    }
    String summary =
        "%s; %d objects rejected, see quarantine.objects: %s"
            .formatted(
                report.summary(), check.rejectedObjects(), String.join("; ", check.rejected()));
    return new QualityReport(report.suite(), report.success(), summary);
  }

  @Override
  public QualityReport checkGold(GoldCheck check) {
    if (check.days().isEmpty()) {
      throw TaskSkipped.because("No day got new facts");
    }
    try (Heartbeats heartbeats = Heartbeats.start()) {
      heartbeats.progress(GOLD_LAYER_SUITE);
      String runId = runId();
      List<LocalDate> days = check.days().stream().map(LocalDate::parse).toList();
      return translated(() -> warehouse.transaction(sql -> checkGold(sql, runId, days, check)));
    }
  }

  private static QualityReport checkGold(
      DSLContext sql, String runId, List<LocalDate> days, GoldCheck check) {
    // Bronze, silver and facts are compared as they were at one instant.
    sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    SuiteResult result = GoldSuite.evaluate(sql, days, check.limits());
    store(sql, runId, result);
    return report(result);
  }

  private static String runId() {
    return Activity.getExecutionContext().getInfo().getWorkflowId();
  }

  private static long store(DSLContext sql, String runId, SuiteResult result) {
    logger.info("Checked suite={} success={}", result.suite(), result.success());
    return sql.insertInto(RESULTS, RESULTS.RUN_ID, RESULTS.SUITE, RESULTS.SUCCESS, RESULTS.RESULT)
        .values(runId, result.suite(), result.success(), JSONB.valueOf(result.toJson()))
        .returningResult(RESULTS.RESULT_ID)
        .fetchSingle()
        .value1();
  }

  private static QualityReport report(SuiteResult result) {
    return new QualityReport(result.suite(), result.success(), result.summary());
  }
}
