package io.millrace.activities.lake;

import io.millrace.core.events.Event;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jooq.DSLContext;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Copies the lines of one object into bronze, straight from the stream: memory does not grow with
 * the object. Works inside the caller's transaction.
 */
final class ObjectLoader {
  private static final int GZIP_BUFFER = 1 << 16;
  private static final int FIELDS = 12;
  private static final long SECONDS_PER_DAY = 86_400;
  private static final String COPY =
      """
      COPY bronze.events (object_id, line_number, event_time, product_id, category_id, user_id,
        price, event_id, event_type, user_session, category_code, brand) FROM STDIN (FORMAT binary)
      """;

  private final EventReader reader = new EventReader();
  private final long objectId;
  private final QuarantinedRows quarantine;
  private final Map<LocalDate, Long> rowsByDay = new TreeMap<>();
  private long lastDay = Long.MIN_VALUE;
  private long lastDayRows;
  private long readable;

  ObjectLoader(DSLContext sql, long objectId) {
    this.objectId = objectId;
    this.quarantine = new QuarantinedRows(sql, objectId);
  }

  /** The rows of each UTC day that were copied. */
  Map<LocalDate, Long> rowsByDay() {
    return rowsByDay;
  }

  /** The number of lines that went to quarantine. */
  long quarantinedRows() {
    return quarantine.count();
  }

  /**
   * Loads all lines.
   *
   * @throws UnreadableObjectException if this is no object of lines of JSON, or not all of it; the
   *     caller then rolls back
   */
  void load(DSLContext sql, String key, InputStream stored)
      throws SQLException, UnreadableObjectException {
    try (InputStream content =
        key.endsWith(".gz") ? new GZIPInputStream(stored, GZIP_BUFFER) : stored) {
      copy(sql, new LineReader(content, EventReader.MAX_BYTES));
    } catch (IOException | UncheckedIOException e) {
      throw new UnreadableObjectException(
          "The object is damaged or not gzip: " + e.getMessage(), e);
    }
    if (readable == 0 && quarantine.count() > 0) {
      throw new UnreadableObjectException(
          "The object is not JSON lines: none of its %d lines is a JSON message"
              .formatted(quarantine.count()));
    }
  }

  /** The copy keeps the connection busy, so it pauses whenever many bad lines have gathered. */
  private void copy(DSLContext sql, LineReader lines) throws SQLException, IOException {
    byte[] line = lines.next();
    while (line != null) {
      CopyIn in = connection(sql).unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
      try {
        BinaryCopy copy = new BinaryCopy(in);
        for (; line != null && !quarantine.isFull(); line = lines.next()) {
          load(copy, lines.number(), line);
        }
        copy.finish();
      } finally {
        if (in.isActive()) {
          in.cancelCopy();
        }
      }
      quarantine.flush();
    }
    countDay();
  }

  private void load(BinaryCopy copy, long number, byte[] line) throws SQLException {
    Verdict verdict = reader.read(line);
    if (verdict instanceof Verdict.Valid valid) {
      readable++;
      String violation = WarehouseRules.violation(valid.event());
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

  private static Connection connection(DSLContext sql) throws SQLException {
    Connection connection = sql.configuration().connectionProvider().acquire();
    if (connection == null) {
      throw new SQLException("No connection", "08003");
    }
    return connection;
  }
}
