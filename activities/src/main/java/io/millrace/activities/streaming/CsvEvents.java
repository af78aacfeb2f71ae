package io.millrace.activities.streaming;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.millrace.core.events.EventField;
import io.millrace.core.events.RawEnvelope;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Events of a REES46 CSV file, plain or gzip (told apart by their first bytes, not by the name).
 *
 * <p>One line is one event. A row is sent as it stands, good or bad: judging it is the validation's
 * work. A line that is no row (another number of columns, a stray quote, not UTF-8) is sent as its
 * bytes, which the validation cannot read and keeps among the invalid. So nothing is dropped, and
 * every such line is in the remarks. Only blank lines and lines above {@value #LONGEST_LINE} bytes,
 * which no Kafka message can hold, are not sent; both are counted.
 */
public final class CsvEvents implements EventSource {
  static final int LONGEST_LINE = 512 * 1024;
  private static final int MOST_REMARKS = 20;
  private static final int SESSION = EventField.names().indexOf("user_session");

  private final String file;
  private final CountedFile bytes;
  private final LineReader lines;
  private final CsvHeader header;
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private final List<String> remarks = new ArrayList<>();
  private long blankLines;
  private long refusedLines;

  private CsvEvents(Path path) throws IOException {
    file = path.getFileName().toString();
    bytes = CountedFile.open(path);
    try {
      InputStream text = bytes.unpacked();
      lines = new LineReader(text, LONGEST_LINE);
      header = readHeader();
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws InvalidInputException if the header does not fit
   * @throws IOException if the file cannot be read
   */
  public static CsvEvents open(Path path) throws IOException {
    return new CsvEvents(path);
  }

  @Override
  public @Nullable RawMessage next() throws IOException {
    while (true) {
      byte[] line = nextLine();
      if (line == null) {
        return null;
      }
      if (lines.wasTooLong()) {
        refusedLines++;
        remark("longer than " + LONGEST_LINE + " bytes, not sent");
      } else if (line.length == 0) {
        blankLines++;
      } else {
        return message(line);
      }
    }
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
  public List<String> remarks() {
    return List.copyOf(remarks);
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

  private RawMessage message(byte[] line) {
    List<String> row;
    try {
      row = columns(utf8.decode(ByteBuffer.wrap(line)).toString());
    } catch (CharacterCodingException e) {
      return malformed(line, "not UTF-8");
    } catch (CsvParseException e) {
      return malformed(line, "a quote that is not closed, or text after one that is");
    }
    if (row.size() != header.width()) {
      return malformed(line, row.size() + " columns instead of " + header.width());
    }
    List<String> values = header.inFieldOrder(row);
    String session = values.get(SESSION);
    return new RawMessage(
        session.isEmpty() ? null : session, RawEnvelope.ofColumns(values), RawMessage.EVENT);
  }

  private RawMessage malformed(byte[] line, String reason) {
    remark(reason + ", sent as it stands");
    return new RawMessage(null, line, RawMessage.MALFORMED_LINE);
  }

  private void remark(String reason) {
    if (remarks.size() < MOST_REMARKS) {
      remarks.add(file + " line " + lines.number() + ": " + reason);
    }
  }

  private CsvHeader readHeader() throws IOException {
    byte[] line = nextLine();
    if (line == null || line.length == 0) {
      throw new InvalidInputException(
          file + " has no header. Expected: " + String.join(",", EventField.names()));
    }
    String text = new String(line, StandardCharsets.UTF_8);
    boolean marked = text.startsWith("\uFEFF");
    try {
      return CsvHeader.of(columns(marked ? text.substring(1) : text), file);
    } catch (CsvParseException e) {
      throw new InvalidInputException(file + ": the header is not CSV: " + e.getMessage());
    }
  }

  private byte @Nullable [] nextLine() throws IOException {
    try {
      return lines.next();
    } catch (EOFException e) {
      throw new IOException(brokenOff("the gzip file ends before its end (cut short?)"), e);
    } catch (ZipException e) {
      throw new IOException(brokenOff("the gzip file is damaged: " + e.getMessage()), e);
    }
  }

  private String brokenOff(String reason) {
    return file + " breaks off in line " + lines.number() + ": " + reason;
  }

  /** REES46 files hold no quotes, so the quick way is the usual one. */
  private static List<String> columns(String line) {
    if (line.indexOf('"') < 0) {
      return Arrays.asList(line.split(",", -1));
    }
    if (line.chars().filter(character -> character == '"').count() % 2 != 0) {
      throw new CsvParseException("a quote is not closed");
    }
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(line)) {
      return reader.iterator().next().getFields();
    } catch (IOException e) {
      throw new IllegalStateException("Reading a string cannot fail", e);
    }
  }
}
