package io.millrace.activities.training;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.millrace.activities.PipelineException;
import io.millrace.core.input.GzipMembers;
import io.millrace.workflows.PipelineFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The file format of a frozen data set: gzipped CSV, UTF-8, with the view's column names as header,
 * instants in ISO 8601, null as an empty field. Equal rows give equal bytes.
 */
final class DatasetCsv {
  /** The columns of {@code dwh.vw_ml_purchase_prediction} that a data set keeps. */
  static final List<String> COLUMNS =
      List.of(
          "user_session",
          "product_id",
          "event_timestamp",
          "brand",
          "price",
          "event_weekday",
          "category_code_level1",
          "category_code_level2",
          "activity_count",
          "is_purchased");

  private DatasetCsv() {}

  static byte[] write(PurchaseTable table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CsvWriter csv =
        CsvWriter.builder()
            .build(new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8))) {
      csv.writeRecord(COLUMNS);
      for (int i = 0; i < table.size(); i++) {
        PurchaseTable.Row row = table.row(i);
        csv.writeRecord(
            row.session(),
            Long.toString(row.productId()),
            row.time().toString(),
            row.brand(),
            Double.toString(row.price()),
            Integer.toString(row.weekday()),
            row.level1(),
            row.level2(),
            Long.toString(row.activityCount()),
            row.purchased() ? "1" : "0");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a data set back.
   *
   * @throws PipelineException {@code DATASET_CORRUPT}, naming the line
   */
  static PurchaseTable read(byte[] bytes, String uri) {
    List<PurchaseTable.Row> rows = new ArrayList<>();
    long line = 0;
    try (CsvReader<NamedCsvRecord> csv =
        CsvReader.builder()
            .ofNamedCsvRecord(
                new InputStreamReader(
                    new GzipMembers(new ByteArrayInputStream(bytes)), StandardCharsets.UTF_8))) {
      for (NamedCsvRecord fields : csv) {
        line = fields.getStartingLineNumber();
        rows.add(row(fields));
      }
      return new PurchaseTable(rows);
    } catch (IOException | RuntimeException e) {
      throw new PipelineException(
          PipelineFailure.DATASET_CORRUPT,
          "%s cannot be read after line %d: %s".formatted(uri, line, innermost(e).getMessage()),
          e);
    }
  }

  /** The parser wraps what it meets, and only says where. */
  private static Throwable innermost(Throwable failure) {
    Throwable innermost = failure;
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      innermost = cause;
    }
    return innermost;
  }

  private static PurchaseTable.Row row(NamedCsvRecord fields) {
    return new PurchaseTable.Row(
        fields.getField("user_session"),
        Long.parseLong(fields.getField("product_id")),
        Instant.parse(fields.getField("event_timestamp")),
        nullable(fields.getField("brand")),
        Double.parseDouble(fields.getField("price")),
        Integer.parseInt(fields.getField("event_weekday")),
        nullable(fields.getField("category_code_level1")),
        nullable(fields.getField("category_code_level2")),
        Long.parseLong(fields.getField("activity_count")),
        fields.getField("is_purchased").equals("1"));
  }

  static @Nullable String nullable(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
