package io.millrace.workers.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Prints the rows of a query. */
final class SqlRows {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Date, time of day, and where it has a zone, hours and minutes from UTC. */
  private static final Pattern TIME =
      Pattern.compile("([0-9-]{10,}) ([0-9:.]+)([+-][0-9]{2})?(:[0-9]{2})?");

  private final Console console;
  private final int limit;

  /** How rows are printed. */
  enum Format {
    TABLE,
    /** With a header; as RFC 4180 says. A null is an empty field. */
    CSV,
    /**
     * A list of objects: numbers and booleans as such, JSON columns as JSON, times as ISO 8601 has
     * them, all else as text.
     */
    JSON,
    /** The same objects, each on a line of its own. */
    JSONL
  }

  /**
   * Prints on a console.
   *
   * @param limit so many rows of a table at most, for it is kept in memory
   */
  SqlRows(Console console, int limit) {
    this.console = console;
    this.limit = limit;
  }

  void print(ResultSet rows, Format format) throws SQLException, IOException {
    switch (format) {
      case TABLE -> table(rows);
      case CSV -> csv(rows);
      case JSON -> json(rows);
      case JSONL -> jsonLines(rows);
    }
  }

  private void table(ResultSet rows) throws SQLException {
    String[] names = names(rows.getMetaData());
    Table table = new Table(names);
    int count = 0;
    boolean more = false;
    while (!more && rows.next()) {
      if (count == limit) {
        more = true;
      } else {
        table.row(cells(rows, names.length));
        count++;
      }
    }
    table.print(console.out());
    if (more) {
      console.err().println("there are more than " + limit + " rows; --limit N shows more");
    }
  }

  /** No control character of the data reaches a terminal. */
  private static String[] cells(ResultSet rows, int count) throws SQLException {
    String[] cells = new String[count];
    for (int i = 0; i < count; i++) {
      String value = rows.getString(i + 1);
      cells[i] = value == null ? "" : value.replaceAll("\\p{Cntrl}", " ");
    }
    return cells;
  }

  private void csv(ResultSet rows) throws SQLException, IOException {
    String[] names = names(rows.getMetaData());
    // Not closed: the output belongs to the console.
    CsvWriter csv = CsvWriter.builder().build(console.out());
    csv.writeRecord(names);
    while (rows.next()) {
      String[] values = new String[names.length];
      for (int i = 0; i < names.length; i++) {
        values[i] = rows.getString(i + 1);
      }
      csv.writeRecord(values);
    }
    csv.flush();
  }

  private void json(ResultSet rows) throws SQLException, IOException {
    ResultSetMetaData columns = rows.getMetaData();
    String[] names = names(columns);
    JsonGenerator json = MAPPER.createGenerator(console.out()).useDefaultPrettyPrinter();
    json.writeStartArray();
    while (rows.next()) {
      object(json, rows, columns, names);
    }
    json.writeEndArray();
    json.flush();
    console.out().println();
  }

  private void jsonLines(ResultSet rows) throws SQLException, IOException {
    ResultSetMetaData columns = rows.getMetaData();
    String[] names = names(columns);
    while (rows.next()) {
      JsonGenerator json = MAPPER.createGenerator(console.out());
      object(json, rows, columns, names);
      json.flush();
      console.out().println();
    }
  }

  private static void object(
      JsonGenerator json, ResultSet rows, ResultSetMetaData columns, String[] names)
      throws SQLException, IOException {
    json.writeStartObject();
    for (int i = 0; i < names.length; i++) {
      json.writeFieldName(names[i]);
      write(json, columns, i + 1, rows.getString(i + 1));
    }
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json, ResultSetMetaData columns, int column, @Nullable String value)
      throws SQLException, IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    String type = columns.getColumnTypeName(column);
    if (type.equals("json") || type.equals("jsonb")) {
      json.writeTree(MAPPER.readTree(value));
    } else if (type.equals("bool")) {
      json.writeBoolean(value.equals("t") || value.equals("true"));
    } else if (isNumber(columns.getColumnType(column)) && value.matches("[-+0-9.eE]+")) {
      json.writeNumber(new BigDecimal(value).toString());
    } else if (type.startsWith("timestamp")) {
      json.writeString(iso(value));
    } else {
      json.writeString(value);
    }
  }

  /** As PostgreSQL's own to_json has it; {@code infinity} stays as it is. */
  private static String iso(String value) {
    Matcher time = TIME.matcher(value);
    if (!time.matches()) {
      return value;
    }
    String hours = time.group(3);
    String minutes = time.group(4) == null ? ":00" : time.group(4);
    return time.group(1) + "T" + time.group(2) + (hours == null ? "" : hours + minutes);
  }

  /** PostgreSQL's NaN and Infinity are none of JSON's. */
  private static boolean isNumber(int type) {
    return switch (type) {
      case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE ->
          true;
      default -> false;
    };
  }

  private static String[] names(ResultSetMetaData columns) throws SQLException {
    String[] names = new String[columns.getColumnCount()];
    for (int i = 0; i < names.length; i++) {
      names[i] = columns.getColumnLabel(i + 1);
    }
    return names;
  }
}
