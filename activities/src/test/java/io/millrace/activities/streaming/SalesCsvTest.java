package io.millrace.activities.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.sales.SaleReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SalesCsvTest {
  private static final String HEADER =
      "Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday\n";

  @TempDir Path folder;

  private SalesCsv open(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("sales.csv"), text);
    return SalesCsv.open(file, "product_A");
  }

  @Test
  void sendsEveryRowAndNamesTheBadOne() throws Exception {
    try (SalesCsv csv =
        open(HEADER + "1,5,2015-07-31,5263,555,1,1,0,1\n2,5,2015-07-31,many,625,1,1,0,1\n")) {
      RawMessage first = csv.next();
      RawMessage second = csv.next();

      assertThat(first.key()).isEqualTo("1");
      assertThat(new SaleReader().read(first.value())).isInstanceOf(SaleReader.Valid.class);
      assertThat(second.kind()).isEqualTo(RawMessage.MALFORMED_LINE);
      assertThat(new String(second.value(), StandardCharsets.UTF_8))
          .isEqualTo("2,5,2015-07-31,many,625,1,1,0,1");
      assertThat(csv.remarks().first()).singleElement().asString().contains("line 3", "many");
      assertThat(csv.next()).isNull();
    }
  }

  /** A bad line costs neither the rows before it nor those behind it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,5,2015-07-31,5263,555,1,1",
        "1,5,2015-07-31,5263,555,1,1,\"0,1",
        "1,5,2015-07-31,5263,555,1,1,\"0\"x,1",
        "1,5,2015-07-31,5263,555,1,1,0,1,more",
        "1,5,2015-02-30,5263,555,1,1,0,1",
        "1,6,2015-07-31,5263,555,1,1,0,1",
        ",5,2015-07-31,5263,555,1,1,0,1",
        "1,5,2015-07-31,5263,555,1,1,\"0\",1\r1,5,2015-07-31,5263,555,1,1,0,1",
      })
  void sendsTheRowsAroundABadLine(String bad) throws Exception {
    String good = "7,5,2015-07-31,5263,555,1,1,\"0\",1";
    try (SalesCsv csv = open(HEADER + good + "\n" + bad + "\n\n" + good)) {
      RawMessage first = csv.next();
      RawMessage second = csv.next();
      RawMessage third = csv.next();

      assertThat(new SaleReader().read(first.value())).isInstanceOf(SaleReader.Valid.class);
      assertThat(second.kind()).isEqualTo(RawMessage.MALFORMED_LINE);
      assertThat(second.value()).asString().isEqualTo(bad);
      assertThat(new SaleReader().read(second.value())).isInstanceOf(SaleReader.Invalid.class);
      assertThat(new SaleReader().read(third.value())).isInstanceOf(SaleReader.Valid.class);
      assertThat(csv.next()).isNull();
      assertThat(csv.remarks().first()).singleElement().asString().contains("sales.csv line 3: ");
      assertThat(csv.lines()).isEqualTo(5);
      assertThat(csv.blankLines()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Shop,Date\n1,2015-07-31\n",
        "Shop,Date\n",
        "Shop,Date",
        "Store,Store,DayOfWeek,Date,Sales,Customers,Open,Promo,StateHoliday,SchoolHoliday\n"
      })
  void refusesAnotherHeaderAlsoWithoutRows(String text) {
    assertThatThrownBy(() -> open(text))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the header does not fit: it is S");
    assertThatThrownBy(() -> open(""))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has no header");
  }
}
