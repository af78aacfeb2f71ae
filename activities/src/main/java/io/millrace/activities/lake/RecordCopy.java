package io.millrace.activities.lake;

import io.millrace.core.events.EventReader;
import io.millrace.core.input.JsonRecords;
import io.millrace.core.input.Unpacked;
import io.millrace.core.input.UnreadableInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Copies the records of one object into a table, straight from the stream: memory does not grow
 * with the object. Works inside the caller's transaction.
 *
 * <p>The object's content says what it is: text or gzip of it ({@link Unpacked}), of lines, JSON
 * values or an array ({@link JsonRecords}). Its name says nothing.
 */
final class RecordCopy {
  private static final int MAX_BYTES = EventReader.MAX_VALIDATED_BYTES;

  private final DSLContext sql;
  private final String statement;
  private final QuarantinedRows quarantine;
  private boolean inLines = true;

  /**
   * Copies by a statement, and sets aside what cannot be.
   *
   * @param statement {@code COPY … FROM STDIN (FORMAT binary)}
   */
  RecordCopy(DSLContext sql, String statement, QuarantinedRows quarantine) {
    this.sql = sql;
    this.statement = statement;
    this.quarantine = quarantine;
  }

  /** Writes the row of a record, or puts the record into quarantine. */
  @FunctionalInterface
  interface Target {
    void write(BinaryCopy copy, long number, byte[] json) throws SQLException;
  }

  /**
   * Copies all records.
   *
   * @throws UnreadableObjectException if the object is damaged or of another format
   */
  void run(InputStream stored, Target target) throws SQLException, UnreadableObjectException {
    try (InputStream text = Unpacked.of(stored)) {
      JsonRecords records = JsonRecords.of(text, MAX_BYTES);
      inLines = records.areLines();
      run(records, target);
    } catch (UnreadableInputException e) {
      throw new UnreadableObjectException(
          "The object is damaged or of another format: " + e.reason(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the object", e);
    }
  }

  /** Whether the records of the object that was copied are its lines. */
  boolean inLines() {
    return inLines;
  }

  /** Refuses an object of which every record is in quarantine because none is what it should be. */
  UnreadableObjectException noneIs(String what) {
    return new UnreadableObjectException(
        "None of its %d %s is %s. The first: %s"
            .formatted(
                quarantine.count(), inLines ? "lines" : "records", what, quarantine.firstReason()));
  }

  /** The copy keeps the connection busy, so it pauses whenever many bad records have gathered. */
  private void run(JsonRecords records, Target target) throws SQLException, IOException {
    byte[] json = records.next();
    while (json != null) {
      CopyIn in = connection(sql).unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
      try {
        BinaryCopy copy = new BinaryCopy(in);
        for (; json != null && !quarantine.isFull(); json = records.next()) {
          if (records.length() > MAX_BYTES) {
            quarantine.add(records.number(), tooLong(records.length()), json);
          } else {
            target.write(copy, records.number(), json);
          }
        }
        copy.finish();
      } finally {
        if (in.isActive()) {
          in.cancelCopy();
        }
      }
      quarantine.flush();
    }
  }

  private static String tooLong(long bytes) {
    return "Processing error: message has %d bytes, at most %d".formatted(bytes, MAX_BYTES);
  }

  private static Connection connection(DSLContext sql) throws SQLException {
    Connection connection = sql.configuration().connectionProvider().acquire();
    if (connection == null) {
      throw new SQLException("No connection", "08003");
    }
    return connection;
  }
}
