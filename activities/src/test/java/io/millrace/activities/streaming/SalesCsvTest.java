package io.millrace.activities.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.sales.SaleReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
      assertThat(csv.remarks()).singleElement().asString().contains("line 3", "many");
      assertThat(csv.next()).isNull();
    }
  }

  @Test
  void refusesAnotherHeader() {
    assertThatThrownBy(() -> open("Shop,Date\n1,2015-07-31\n"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Shop,Date");
  }
}
