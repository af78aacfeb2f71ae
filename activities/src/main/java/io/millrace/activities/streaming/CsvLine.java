package io.millrace.activities.streaming;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Parses lines of CSV, each of which must be one record of its own. Not thread-safe. */
final class CsvLine {
  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

  /** The line is no record; the message says why. */
  static final class NoRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    private NoRecordException(String message) {
      super(message);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  /** The texts between the commas. */
  List<String> columns(byte[] line) throws NoRecordException {
    String text;
    try {
      text = utf8.decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw new NoRecordException("not UTF-8");
    }
    // The files hold quotes seldom, so the quick way is the usual one.
    boolean plain = text.indexOf('"') < 0 && text.indexOf('\r') < 0;
    return plain ? Arrays.asList(text.split(",", -1)) : record(text);
  }

  private static List<String> record(String text) throws NoRecordException {
    if (text.chars().filter(character -> character == '"').count() % 2 != 0) {
      throw new NoRecordException("a quote that is not closed");
    }
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(text)) {
      List<CsvRecord> records = reader.stream().toList();
      if (records.size() != 1) {
        // Only a carriage return can have parted them: there is no line feed in a line.
        throw new NoRecordException(
            "%d rows in one line, with a carriage return between them".formatted(records.size()));
      }
      return records.get(0).getFields();
    } catch (CsvParseException e) {
      throw new NoRecordException("text after a quote that closes");
    } catch (IOException e) {
      throw new IllegalStateException("Reading a string cannot fail", e);
    }
  }
}
