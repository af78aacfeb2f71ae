package io.millrace.activities.training;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.millrace.activities.PipelineException;
import io.millrace.core.input.GzipMembers;
import io.millrace.core.models.Field;
import io.millrace.core.models.ModelDefinition;
import io.millrace.workflows.PipelineFailure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * The file format of a frozen training set: gzipped CSV, UTF-8, with the columns' names as header,
 * instants in ISO 8601, null as an empty field. Equal rows give equal bytes.
 */
final class TableCsv {
  private TableCsv() {}

  static byte[] write(TrainingTable table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CsvWriter csv =
        CsvWriter.builder()
            .build(new OutputStreamWriter(new GZIPOutputStream(bytes), StandardCharsets.UTF_8))) {
      csv.writeRecord(table.model().columns().stream().map(Field::name).toList());
      for (int i = 0; i < table.size(); i++) {
        csv.writeRecord(table.row(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a training set back.
   *
   * @throws PipelineException {@code DATASET_CORRUPT}, naming the line
   */
  static TrainingTable read(ModelDefinition model, byte[] bytes, String uri) {
    TrainingTable table = new TrainingTable(model);
    long line = 0;
    try (CsvReader<NamedCsvRecord> csv =
        CsvReader.builder()
            .ofNamedCsvRecord(
                new InputStreamReader(
                    new GzipMembers(new ByteArrayInputStream(bytes)), StandardCharsets.UTF_8))) {
      for (NamedCsvRecord fields : csv) {
        line = fields.getStartingLineNumber();
        table.add((name, column) -> column.add(fields.getField(name)));
      }
      return table;
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
}
