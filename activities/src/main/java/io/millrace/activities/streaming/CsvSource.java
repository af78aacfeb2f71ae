package io.millrace.activities.streaming;

import io.millrace.core.events.EventReader;
import io.millrace.core.input.Lines;
import io.millrace.core.input.UnreadableInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a CSV file, plain or gzip (told apart by the content, not by the name), of which the
 * first line names the columns.
 *
 * <p>The rule: each line is accounted for. One line is one message, whatever stands in it. A line
 * that is no row (another number of columns, a stray quote, two rows, not UTF-8) is sent as its
 * bytes, for the stream to keep among what is invalid; it is in the remarks. A line of more than
 * {@value #MAX_LINE} bytes, which no message can hold, is refused and in the remarks. Only blank
 * lines are passed over, and counted.
 */
abstract class CsvSource implements EventSource {
  static final int MAX_LINE = EventReader.MAX_BYTES;
  private static final int MAX_HEADER = 4_096;

  private final String file;
  private final CountedFile bytes;
  private final Lines lines;
  private final CsvLine parser = new CsvLine();
  private final List<String> header;
  private final Remarks remarks = new Remarks();
  private long blankLines;
  private long refusedLines;

  CsvSource(Path path) throws IOException {
    file = String.valueOf(path.getFileName());
    bytes = CountedFile.open(path);
    try {
      lines = new Lines(bytes.text(), MAX_LINE);
      header = readHeader();
    } catch (UnreadableInputException e) {
      bytes.close();
      throw new InvalidInputException(file + " cannot be read: " + e.reason());
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** The names in the first line. */
  List<String> header() {
    return header;
  }

  /** The message of a row that has as many columns as the header. */
  abstract RawMessage message(CsvRow row);

  /** The message of a line that is no row, or whose values cannot be sent as such. */
  RawMessage malformed(CsvRow row, @Nullable String key, String reason) {
    remarks.add(place(row.number()) + ": " + reason + ", sent as it stands");
    return new RawMessage(key, row.line(), RawMessage.MALFORMED_LINE, row.number());
  }

  @Override
  public @Nullable RawMessage next() throws IOException {
    for (byte[] line = nextLine(); line != null; line = nextLine()) {
      if (lines.isTooLong()) {
        refusedLines++;
        remarks.add(
            "%s: it has %,d bytes, and no message can hold more than %,d; not sent"
                .formatted(place(lines.number()), lines.length(), MAX_LINE));
      } else if (line.length == 0) {
        blankLines++;
      } else {
        CsvRow row = row(line);
        return row.problem() == null ? message(row) : malformed(row, null, row.problem());
      }
    }
    return null;
  }

  private CsvRow row(byte[] line) {
    try {
      List<String> columns = parser.columns(line);
      return columns.size() == header.size()
          ? new CsvRow(lines.number(), line, columns, null)
          : CsvRow.malformed(
              lines.number(), line, columns.size() + " columns instead of " + header.size());
    } catch (CsvLine.NoRecordException e) {
      return CsvRow.malformed(lines.number(), line, e.reason());
    }
  }

  private List<String> readHeader() throws IOException {
    byte[] line = lines.next();
    if (line == null || line.length == 0) {
      throw new InvalidInputException(file + " has no header: its first line is empty");
    }
    if (line.length > MAX_HEADER) {
      throw new InvalidInputException(
          "%s has no header: its first line has %,d bytes, at most %,d. Do its lines end with a line feed?"
              .formatted(file, lines.length(), MAX_HEADER));
    }
    try {
      return parser.columns(line);
    } catch (CsvLine.NoRecordException e) {
      throw new InvalidInputException(file + ": the header is not CSV: " + e.reason());
    }
  }

  private byte @Nullable [] nextLine() throws IOException {
    try {
      return lines.next();
    } catch (IOException e) {
      throw new IOException(
          "%s breaks off in line %d: %s".formatted(file, lines.number() + 1, e.getMessage()), e);
    }
  }

  @Override
  public String place(long number) {
    return file + " line " + number;
  }

  @Override
  public long position() {
    return bytes.position();
  }

  @Override
  public long total() {
    return bytes.size();
  }

  @Override
  public Remarks remarks() {
    return remarks;
  }

  @Override
  public long lines() {
    return lines.number();
  }

  @Override
  public long headerLines() {
    return 1;
  }

  @Override
  public long blankLines() {
    return blankLines;
  }

  @Override
  public long refusedLines() {
    return refusedLines;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
