package io.millrace.activities.lake;

import static io.millrace.activities.warehouse.schema.lake.Tables.SLICES;
import static org.jooq.impl.DSL.max;

import io.millrace.activities.PipelineException;
import io.millrace.workflows.PipelineFailure;
import io.millrace.workflows.lake.LakeListing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** A run that finds nothing new must not hide that the source has stopped. */
final class Staleness {
  private Staleness() {}

  /**
   * Nothing if the newest event in silver is young enough, if any age is allowed, or if there has
   * never been an event.
   *
   * @param nothing that there is nothing new, and where
   * @throws PipelineException {@code DATA_QUALITY}, if it is too old
   */
  static void refuse(DSLContext sql, LakeListing listing, String nothing, Instant now) {
    Double hours = listing.maxAgeHours();
    if (hours == null) {
      return;
    }
    LocalDate last =
        sql.select(max(SLICES.EVENT_DATE))
            .from(SLICES)
            .where(SLICES.EVENT_ROWS.gt(0L), SLICES.TRANSFORMED_AT.isNotNull())
            .fetchSingle()
            .value1();
    if (last == null) {
      return;
    }
    Instant newest =
        sql.fetchSingle(
                "SELECT max(event_timestamp) FROM silver.events WHERE event_date = {0}",
                DSL.val(last))
            .get(0, OffsetDateTime.class)
            .toInstant();
    if (newest.isBefore(now.minus(Duration.ofSeconds(Math.round(hours * 3600))))) {
      throw new PipelineException(
          PipelineFailure.DATA_QUALITY,
          "%s, and the newest event in silver.events is of %s: older than quality.maxAgeHours (%s) allows. Look at what writes the objects, or raise quality.maxAgeHours."
              .formatted(
                  nothing, newest, BigDecimal.valueOf(hours).stripTrailingZeros().toPlainString()));
    }
  }
}
