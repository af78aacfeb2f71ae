package io.millrace.core.sales;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaleReaderTest {
  private static final Sale SALE =
      new Sale(1, LocalDate.parse("2015-07-31"), 5263, 555, 1, 1, "0", "1", "product_A");
  private static final String SEED =
      """
      {"store":1,"dayofweek":5,"date":"2015-07-31","sales":5263,"customers":555,"open":1,\
      "promo":1,"stateholiday":"0","schoolholiday":1,"productname":"product_A"}\
      """;

  private final SaleReader reader = new SaleReader();

  private SaleReader.Verdict read(String message) {
    return reader.read(message.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsAndWritesTheSeedsMessage() {
    assertThat(read(SEED)).isEqualTo(new SaleReader.Valid(SALE));
    assertThat(new String(SALE.message(), StandardCharsets.UTF_8)).isEqualTo(SEED);
  }

  @Test
  void takesNumbersInQuotes() {
    assertThat(read(SEED.replace("\"schoolholiday\":1", "\"schoolholiday\":\"1\"")))
        .isEqualTo(new SaleReader.Valid(SALE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "store":1 | "store":0 | store is 0, but must be a whole number from 1
          "store":1 | "store":1.5 | store is 1.5, but must be a whole number
          "store":1 | "store":null | store is missing
          "sales":5263 | "sales":-1 | sales is -1
          "open":1 | "open":2 | open is 2, but must be a whole number from 0 to 1
          2015-07-31 | 2015-02-30 | date is 2015-02-30, but must be a day
          2015-07-31 | 2015-07-30 | dayofweek is 5, but that of date 2015-07-30 is 4
          "stateholiday":"0" | "stateholiday":"x" | stateholiday is x, but must be one of 0, a, b, c
          "product_A" | " " | productname is missing
          """)
  void saysWhichRuleIsBroken(String part, String broken, String reason) {
    assertThat(read(SEED.replace(part, broken)))
        .isInstanceOfSatisfying(
            SaleReader.Invalid.class, invalid -> assertThat(invalid.reason()).contains(reason));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{}x", "plain", "{\"store\":{}}"})
  void readsAnythingWithoutThrowing(String message) {
    assertThat(read(message)).isInstanceOf(SaleReader.Invalid.class);
    assertThat(reader.read(null)).isInstanceOf(SaleReader.Invalid.class);
    assertThat(reader.read("[".repeat(10_000).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(SaleReader.Invalid.class);
    assertThat(reader.read(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1}))
        .isInstanceOf(SaleReader.Invalid.class);
  }
}
