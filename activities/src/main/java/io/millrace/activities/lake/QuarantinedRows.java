package io.millrace.activities.lake;

import static io.millrace.activities.warehouse.schema.quarantine.Tables.ROWS;

import io.millrace.core.events.StorableText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Row4;
import org.jooq.impl.DSL;

/**
 * Gathers the bad records of one object for {@code quarantine.rows}, a bounded number at a time.
 */
final class QuarantinedRows {
  static final int MAX_RAW_BYTES = 1 << 16;
  private static final int FULL_ROWS = 500;
  private static final int FULL_CHARS = 1 << 22;

  private final DSLContext sql;
  private final long objectId;
  private final List<Row4<Long, Long, String, String>> rows = new ArrayList<>();
  private long count;
  private String firstReason = "";
  private long chars;

  QuarantinedRows(DSLContext sql, long objectId) {
    this.sql = sql;
    this.objectId = objectId;
  }

  long count() {
    return count;
  }

  /** Why the first one is here; empty if there is none. */
  String firstReason() {
    return firstReason;
  }

  /** Whether it is time to {@link #flush}. */
  boolean isFull() {
    return rows.size() >= FULL_ROWS || chars >= FULL_CHARS;
  }

  void add(long number, String reason, byte[] line) {
    String raw = raw(line);
    firstReason = count == 0 ? storable(reason) : firstReason;
    count++;
    chars += raw.length();
    rows.add(DSL.row(objectId, number, storable(reason), raw));
  }

  void flush() {
    if (!rows.isEmpty()) {
      sql.insertInto(ROWS, ROWS.OBJECT_ID, ROWS.LINE_NUMBER, ROWS.REASON, ROWS.RAW)
          .valuesOfRows(rows)
          .execute();
    }
    rows.clear();
    chars = 0;
  }

  private static String raw(byte[] line) {
    int length = Math.min(line.length, MAX_RAW_BYTES);
    return storable(new String(line, 0, length, StandardCharsets.UTF_8));
  }

  private static String storable(String text) {
    return StorableText.of(text);
  }
}
