package io.millrace.activities.lake;

import io.millrace.core.events.EventReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.zip.GZIPInputStream;
import org.jooq.DSLContext;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Copies the lines of one object into a table, straight from the stream: memory does not grow with
 * the object. Works inside the caller's transaction.
 */
final class LineCopy {
  private static final int GZIP_BUFFER = 1 << 16;

  private final DSLContext sql;
  private final String statement;
  private final QuarantinedRows quarantine;

  /**
   * Copies by a statement, and sets aside what cannot be.
   *
   * @param statement {@code COPY … FROM STDIN (FORMAT binary)}
   */
  LineCopy(DSLContext sql, String statement, QuarantinedRows quarantine) {
    this.sql = sql;
    this.statement = statement;
    this.quarantine = quarantine;
  }

  /** Writes the row of a line, or puts the line into quarantine. */
  @FunctionalInterface
  interface Line {
    void write(BinaryCopy copy, long number, byte[] line) throws SQLException;
  }

  /**
   * Copies all lines.
   *
   * @throws UnreadableObjectException if the object is damaged
   */
  void run(String key, InputStream stored, Line line)
      throws SQLException, UnreadableObjectException {
    try (InputStream content =
        key.endsWith(".gz") ? new GZIPInputStream(stored, GZIP_BUFFER) : stored) {
      run(new LineReader(content, EventReader.MAX_VALIDATED_BYTES), line);
    } catch (IOException | UncheckedIOException e) {
      throw new UnreadableObjectException(
          "The object is damaged or not gzip: " + e.getMessage(), e);
    }
  }

  /** The copy keeps the connection busy, so it pauses whenever many bad lines have gathered. */
  private void run(LineReader lines, Line line) throws SQLException, IOException {
    byte[] bytes = lines.next();
    while (bytes != null) {
      CopyIn in = connection(sql).unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
      try {
        BinaryCopy copy = new BinaryCopy(in);
        for (; bytes != null && !quarantine.isFull(); bytes = lines.next()) {
          line.write(copy, lines.number(), bytes);
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

  private static Connection connection(DSLContext sql) throws SQLException {
    Connection connection = sql.configuration().connectionProvider().acquire();
    if (connection == null) {
      throw new SQLException("No connection", "08003");
    }
    return connection;
  }
}
