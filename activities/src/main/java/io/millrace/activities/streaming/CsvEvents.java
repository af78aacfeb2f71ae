package io.millrace.activities.streaming;

import io.millrace.core.events.EventField;
import io.millrace.core.events.RawEnvelope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Events of a REES46 CSV file. A row is sent as it stands, good or bad: the validation decides
 * which it is.
 */
public final class CsvEvents extends CsvSource {
  private static final int SESSION = EventField.names().indexOf("user_session");

  private final CsvHeader order;

  private CsvEvents(Path path) throws IOException {
    super(path);
    try {
      order = CsvHeader.of(header(), String.valueOf(path.getFileName()));
    } catch (InvalidInputException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws InvalidInputException if the header does not fit, or the file is of another format
   * @throws IOException if the file cannot be read
   */
  public static CsvEvents open(Path path) throws IOException {
    return new CsvEvents(path);
  }

  @Override
  RawMessage message(CsvRow row) {
    List<String> values = order.inFieldOrder(row.columns());
    String session = values.get(SESSION);
    return new RawMessage(
        session.isEmpty() ? null : session,
        RawEnvelope.ofColumns(values),
        RawMessage.EVENT,
        row.number());
  }
}
