package io.millrace.flink.sales;

import io.millrace.core.sales.Sale;
import io.millrace.core.sales.SaleReader;
import io.millrace.flink.RefusedMessage;
import io.millrace.flink.Topics;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Turns each message into a row, or into a message with the reason on {@link #INVALID}. Counts
 * {@code sales.valid} and {@code sales.invalid}.
 */
final class ValidateSale extends ProcessFunction<SaleMessage, SaleRow> {
  static final OutputTag<InvalidSale> INVALID =
      new OutputTag<>("invalid", TypeInformation.of(InvalidSale.class));

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient SaleReader reader;

  @SuppressWarnings("NullAway.Init")
  private transient Counter valid;

  @SuppressWarnings("NullAway.Init")
  private transient Counter invalid;

  @Override
  public void open(OpenContext context) {
    reader = new SaleReader();
    var metrics = getRuntimeContext().getMetricGroup().addGroup("sales");
    valid = metrics.counter("valid");
    invalid = metrics.counter("invalid");
  }

  @Override
  public void processElement(SaleMessage message, Context context, Collector<SaleRow> out) {
    SaleReader.Verdict verdict = reader.read(message.value());
    if (verdict instanceof SaleReader.Valid good) {
      valid.inc();
      out.collect(row(message, good.sale()));
    } else if (verdict instanceof SaleReader.Invalid bad) {
      invalid.inc();
      context.output(INVALID, new InvalidSale(refused(message, bad.reason())));
    }
  }

  static byte[] refused(SaleMessage message, String reason) {
    return RefusedMessage.of(
        Topics.SALES,
        message.partition(),
        message.offset(),
        message.value(),
        reason,
        Instant.now());
  }

  private static SaleRow row(SaleMessage message, Sale sale) {
    return new SaleRow(
        sale.store(),
        sale.date().toEpochDay(),
        sale.sales(),
        sale.customers(),
        sale.open(),
        sale.promo(),
        sale.stateHoliday(),
        sale.schoolHoliday(),
        sale.productName(),
        message.timestampMillis(),
        message.offset());
  }
}
