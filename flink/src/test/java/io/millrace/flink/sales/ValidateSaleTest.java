package io.millrace.flink.sales;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.sales.Sale;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message becomes a row, or a message with the reason; none stops the job. */
class ValidateSaleTest {
  /** What Kafka takes of a topic with its default settings. */
  private static final int KAFKA_DEFAULT = 1 << 20;

  private OneInputStreamOperatorTestHarness<SaleMessage, SaleRow> judge;

  @BeforeEach
  void open() throws Exception {
    judge = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new ValidateSale()));
    judge.open();
  }

  @AfterEach
  void close() throws Exception {
    judge.close();
  }

  static List<byte[]> noSales() {
    String sale = new String(sale("p", "2015-07-31").message(), StandardCharsets.UTF_8);
    return List.of(
        bytes(sale.replace("\"p\"", "\"\\ud800\"")),
        bytes(sale.replace("\"p\"", "\"\\u0000\"")),
        bytes(sale.replace("\"p\"", "\"" + "x".repeat(256) + "\"")),
        bytes(sale.replace("\"stateholiday\":\"0\"", "\"stateholiday\":\"\\udfff\"")),
        bytes(sale.replace("2015-07-31", "\\ud83d")),
        bytes(sale.replace("2015-07-31", "+10000-01-01")),
        bytes(sale.replace("2015-07-31", "0000-12-31")),
        bytes(sale.replace("\"sales\":1", "\"sales\":2147483648")),
        bytes(sale.replace("\"sales\":1", "\"sales\":1e400")),
        bytes(sale.replace("\"sales\":1", "\"sales\":" + "9".repeat(2_000))),
        bytes("{\"" + "\\u0001".repeat(9_000) + "\":1}"),
        bytes("[".repeat(60_000)),
        new byte[1 << 20],
        new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
        new byte[0]);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("noSales")
  void explainsWhatIsNoSale(byte[] message) throws Exception {
    judge.processElement(new SaleMessage(0, 1, Long.MAX_VALUE, message), 0);

    assertThat(judge.extractOutputValues()).isEmpty();
    assertThat(judge.getSideOutput(ValidateSale.INVALID))
        .singleElement()
        .satisfies(
            invalid -> {
              assertThat(invalid.getValue().value().length).isLessThan(KAFKA_DEFAULT / 2);
              assertThat(new String(invalid.getValue().value(), StandardCharsets.UTF_8))
                  .startsWith("{\"error_message\":\"")
                  .contains("\"topic\":\"sale_rossman_store\",\"partition\":0,\"offset\":1");
            });
  }

  @Test
  void takesSalesAtTheLimits() throws Exception {
    for (String date : List.of("0001-01-01", "1969-12-31", "9999-12-31")) {
      judge.processElement(
          new SaleMessage(0, 1, -1, sale("\uD83D\uDE00 \u202E", date).message()), 0);
    }

    assertThat(judge.extractOutputValues()).hasSize(3);
  }

  private static Sale sale(String product, String date) {
    return new Sale(Integer.MAX_VALUE, LocalDate.parse(date), 1, 0, 1, 0, "0", "1", product);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
