package io.millrace.activities.streaming;

import io.millrace.core.sales.Sale;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sales of a Rossmann CSV file with the columns Store, DayOfWeek, Date, Sales, Customers, Open,
 * Promo, StateHoliday and SchoolHoliday in any order; others are not sent.
 *
 * <p>Messages are keyed by store. A row in which a number or the date cannot be read, or the day of
 * the week is not the date's, is sent as the text of its line, which the stream keeps among what is
 * invalid; it is in the remarks.
 */
public final class SalesCsv extends CsvSource {
  /** What the data set's rows are counted as. */
  public static final String SALE = "sale";

  private static final int SHOWN = 40;
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

  private SalesCsv(Path path, String product) throws IOException {
    super(path);
    this.product = product;
    boolean fits =
        COLUMNS.stream()
            .allMatch(name -> header().indexOf(name) >= 0 && isThereOnce(header(), name));
    if (!fits) {
      close();
      throw new InvalidInputException(
          "%s: the header does not fit: it is %s. Expected, each once: %s"
              .formatted(
                  path.getFileName(), String.join(",", header()), String.join(",", COLUMNS)));
    }
  }

  private static boolean isThereOnce(List<String> names, String name) {
    return names.indexOf(name) == names.lastIndexOf(name);
  }

  /**
   * Opens a file and checks its header.
   *
   * @param product name of the product that all rows are about: the file has none
   * @throws InvalidInputException if the header does not fit, or the file is of another format
   * @throws IOException if the file cannot be read
   */
  public static SalesCsv open(Path path, String product) throws IOException {
    return new SalesCsv(path, product);
  }

  /** A value that cannot be sent as a sale's. */
  private static final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    BadValueException(String column, String value, String what) {
      super(
          "%s must be %s, but is %s"
              .formatted(
                  column, what, value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…"));
    }
  }

  @Override
  RawMessage message(CsvRow row) {
    String store = value(row, "Store");
    try {
      return new RawMessage(store, sale(row).message(), SALE, row.number());
    } catch (BadValueException e) {
      @Nullable String key = store.isEmpty() ? null : store;
      return malformed(row, key, String.valueOf(e.getMessage()));
    }
  }

  private Sale sale(CsvRow row) throws BadValueException {
    Sale sale =
        new Sale(
            number(row, "Store"),
            date(row),
            number(row, "Sales"),
            number(row, "Customers"),
            number(row, "Open"),
            number(row, "Promo"),
            value(row, "StateHoliday"),
            String.valueOf(number(row, "SchoolHoliday")),
            product);
    if (number(row, "DayOfWeek") != sale.dayOfWeek()) {
      throw new BadValueException(
          "DayOfWeek",
          value(row, "DayOfWeek"),
          "%d on %s".formatted(sale.dayOfWeek(), sale.date()));
    }
    return sale;
  }

  private String value(CsvRow row, String column) {
    return row.columns().get(header().indexOf(column));
  }

  private int number(CsvRow row, String column) throws BadValueException {
    String text = value(row, column);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadValueException(column, text, "a whole number");
    }
  }

  private LocalDate date(CsvRow row) throws BadValueException {
    String text = value(row, "Date");
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new BadValueException("Date", text, "a day such as 2015-07-31");
    }
  }

  @Override
  public String topic() {
    return Topics.SALES;
  }
}
