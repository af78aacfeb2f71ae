package io.millrace.activities.streaming;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.millrace.core.sales.Sale;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sales of a Rossmann CSV file, plain or gzip, with the columns Store, DayOfWeek, Date, Sales,
 * Customers, Open, Promo, StateHoliday and SchoolHoliday in any order.
 *
 * <p>Messages are keyed by store. A row in which a number or the date cannot be read is sent as the
 * text of the row, which the stream cannot read and keeps among the invalid: nothing is dropped.
 */
public final class SalesCsv implements EventSource {
  /** What the data set's rows are counted as. */
  public static final String SALE = "sale";

  private static final int MOST_REMARKS = 20;
  private static final List<String> COLUMNS =
      List.of(
          "Store",
          "DayOfWeek",
          "Date",
          "Sales",
          "Customers",
          "Open",
          "Promo",
          "StateHoliday",
          "SchoolHoliday");

  private final String product;
  private final CountedFile bytes;
  private final CsvReader<NamedCsvRecord> reader;
  private final Iterator<NamedCsvRecord> rows;
  private final List<String> remarks = new ArrayList<>();
  private @Nullable NamedCsvRecord ahead;

  private SalesCsv(Path path, String product) throws IOException {
    this.product = product;
    bytes = CountedFile.open(path);
    reader =
        CsvReader.builder()
            .ofNamedCsvRecord(
                new java.io.InputStreamReader(bytes.unpacked(), StandardCharsets.UTF_8));
    rows = reader.iterator();
    ahead = rows.hasNext() ? rows.next() : null;
    if (ahead != null && !ahead.getHeader().containsAll(COLUMNS)) {
      bytes.close();
      throw new InvalidInputException(
          "%s: the header does not fit: it is %s. Expected: %s"
              .formatted(
                  path.getFileName(),
                  String.join(",", ahead.getHeader()),
                  String.join(",", COLUMNS)));
    }
  }

  /**
   * Opens a file and checks its header.
   *
   * @param product name of the product that all rows are about: the file has none
   * @throws InvalidInputException if the header does not fit
   * @throws IOException if the file cannot be read
   */
  public static SalesCsv open(Path path, String product) throws IOException {
    return new SalesCsv(path, product);
  }

  @Override
  public @Nullable RawMessage next() throws IOException {
    NamedCsvRecord row = ahead;
    try {
      ahead = rows.hasNext() ? rows.next() : null;
    } catch (CsvParseException | java.io.UncheckedIOException e) {
      throw new IOException("the file breaks off: " + e.getMessage(), e);
    }
    return row == null ? null : message(row);
  }

  private RawMessage message(NamedCsvRecord row) {
    String store = row.getFields().isEmpty() ? "" : row.findField("Store").orElse("");
    try {
      Sale sale =
          new Sale(
              Integer.parseInt(store),
              LocalDate.parse(row.getField("Date")),
              Integer.parseInt(row.getField("Sales")),
              Integer.parseInt(row.getField("Customers")),
              Integer.parseInt(row.getField("Open")),
              Integer.parseInt(row.getField("Promo")),
              row.getField("StateHoliday"),
              String.valueOf(Integer.parseInt(row.getField("SchoolHoliday"))),
              product);
      return new RawMessage(store, sale.message(), SALE);
    } catch (NumberFormatException | DateTimeException | java.util.NoSuchElementException e) {
      if (remarks.size() < MOST_REMARKS) {
        remarks.add(
            "line %d: %s, sent as it stands"
                .formatted(row.getStartingLineNumber(), e.getMessage()));
      }
      byte[] text = String.join(",", row.getFields()).getBytes(StandardCharsets.UTF_8);
      return new RawMessage(store, text, RawMessage.MALFORMED_LINE);
    }
  }

  @Override
  public String topic() {
    return Topics.SALES;
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
    return 0;
  }

  @Override
  public long refusedLines() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    bytes.close();
  }
}
