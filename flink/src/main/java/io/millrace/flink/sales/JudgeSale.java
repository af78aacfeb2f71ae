package io.millrace.flink.sales;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.core.sales.Sale;
import io.millrace.core.sales.SaleReader;
import io.millrace.flink.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
final class JudgeSale extends ProcessFunction<SaleMessage, SaleRow> {
  static final OutputTag<InvalidSale> INVALID =
      new OutputTag<>("invalid", TypeInformation.of(InvalidSale.class));

  private static final long serialVersionUID = 1L;
  private static final int KEPT_BYTES = 1 << 14;
  private static final JsonFactory JSON = new JsonFactory();

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
      context.output(INVALID, new InvalidSale(envelope(message, bad.reason(), Instant.now())));
    }
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

  /** The reason, the beginning of the message as text, and where the whole of it stands. */
  static byte[] envelope(SaleMessage message, String reason, Instant now) {
    byte[] value = message.value() == null ? new byte[0] : message.value();
    int kept = Math.min(value.length, KEPT_BYTES);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(kept + 256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("error_message", reason);
      json.writeStringField("raw_data", new String(value, 0, kept, StandardCharsets.UTF_8));
      json.writeObjectFieldStart("metadata");
      json.writeStringField("topic", Topics.SALES);
      json.writeNumberField("partition", message.partition());
      json.writeNumberField("offset", message.offset());
      json.writeStringField("processed_at", now.toString());
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A byte array cannot be written to", e);
    }
    return bytes.toByteArray();
  }
}
