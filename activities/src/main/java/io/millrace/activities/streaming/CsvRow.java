package io.millrace.activities.streaming;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of a CSV file that is not blank.
 *
 * @param number of the line in its file, from 1
 * @param line its bytes, without its end
 * @param columns as many as the header has; none if there is a problem
 * @param problem why the line is no row; null if it is one
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once, never compared.
record CsvRow(long number, byte[] line, List<String> columns, @Nullable String problem) {

  /** A line that is no row. */
  static CsvRow malformed(long number, byte[] line, String problem) {
    return new CsvRow(number, line, List.of(), problem);
  }
}
