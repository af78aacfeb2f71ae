package io.millrace.activities.lake;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;

/** Copies the events of one object into bronze, inside the caller's transaction. */
final class ObjectLoader implements ObjectIngest.Loader {
  private static final int FIELDS = 12;
  private static final long SECONDS_PER_DAY = 86_400;
  private static final String COPY =
      """
      COPY bronze.events (object_id, line_number, event_time, product_id, category_id, user_id,
        price, event_id, event_type, user_session, category_code, brand) FROM STDIN (FORMAT binary)
      """;

  private final EventReader reader;
  private final WarehouseRules rules;
  private final long objectId;
  private final QuarantinedRows quarantine;
  private final RecordCopy records;
  private final Map<LocalDate, Long> rowsByDay = new TreeMap<>();
  private long lastDay = Long.MIN_VALUE;
  private long lastDayRows;
  private long readable;

  ObjectLoader(DSLContext sql, long objectId, EventReader reader, WarehouseRules rules) {
    this.reader = reader;
    this.rules = rules;
    this.objectId = objectId;
    this.quarantine = new QuarantinedRows(sql, objectId);
    this.records = new RecordCopy(sql, COPY, quarantine);
  }

  @Override
  public void load(DSLContext sql, InputStream stored)
      throws SQLException, UnreadableObjectException {
    records.run(stored, this::load);
    countDay();
    if (readable == 0 && quarantine.count() > 0) {
      throw records.noneIs("a JSON message");
    }
  }

  @Override
  public void settle(DSLContext sql, IngestCount count) {
    long rows = rowsByDay.values().stream().mapToLong(Long::longValue).sum();
    ObjectLedger.settle(sql, objectId, rows, quarantine.count(), records.inLines());
    ObjectLedger.addSlices(sql, objectId, rowsByDay);
    count.load(rows, quarantine.count());
  }

  private void load(BinaryCopy copy, long number, byte[] line) throws SQLException {
    Verdict verdict = reader.read(line);
    if (verdict instanceof Verdict.Valid valid) {
      readable++;
      String violation = rules.violation(valid.event());
      if (violation == null) {
        write(copy, number, valid.event());
      } else {
        quarantine.add(number, violation, line);
      }
    } else if (verdict instanceof Verdict.Invalid invalid) {
      readable++;
      quarantine.add(number, invalid.errorMessage(), line);
    } else if (verdict instanceof Verdict.Unreadable unreadable) {
      quarantine.add(number, unreadable.errorMessage(), line);
    }
  }

  private void write(BinaryCopy copy, long number, Event event) throws SQLException {
    copy.row(FIELDS);
    copy.int8(objectId);
    copy.int8(number);
    copy.timestamptz(event.eventTime());
    copy.int8(event.productId());
    copy.int8(event.categoryId());
    copy.int8(event.userId());
    copy.float8(event.price());
    copy.bytea(EventIdentity.of(event));
    copy.text(event.eventType().code());
    copy.text(event.userSession());
    copy.text(event.categoryCode());
    copy.text(event.brand());
    long day = Math.floorDiv(event.eventTime().getEpochSecond(), SECONDS_PER_DAY);
    if (day != lastDay) {
      countDay();
      lastDay = day;
    }
    lastDayRows++;
  }

  /** Events come mostly day by day, so that the map is touched once a day. */
  private void countDay() {
    if (lastDayRows > 0) {
      rowsByDay.merge(LocalDate.ofEpochDay(lastDay), lastDayRows, Long::sum);
      lastDayRows = 0;
    }
  }
}
