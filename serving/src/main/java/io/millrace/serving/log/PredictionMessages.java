package io.millrace.serving.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.core.features.OnlineKey;
import io.millrace.core.models.RowEncoder;
import io.millrace.core.serving.PredictionMessage;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.ServedVersion;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One message for each row of a record. */
final class PredictionMessages {
  private static final HexFormat HEX = HexFormat.of();
  private static final JsonFactory JSON = new JsonFactory();
  private static final double NANOS_PER_MILLI = 1e6;

  private final PredictionRecord record;
  private final String id;

  /** Gives the record an id that no other has. */
  PredictionMessages(PredictionRecord record) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    this.record = record;
    this.id = HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
  }

  /** The rows that are predictions: those whose scores are not finite were answered by an error. */
  int[] rows() {
    return IntStream.range(0, record.rows().count()).filter(record.scores()::isFinite).toArray();
  }

  /** The message of a row. */
  PredictionMessage of(int row) {
    ServedVersion version = record.version();
    @Nullable OnlineKey entity = record.entities().isEmpty() ? null : record.entities().get(row);
    return new PredictionMessage(
        record.at().truncatedTo(ChronoUnit.MICROS),
        id + '-' + row,
        record.requestId(),
        row,
        version.model(),
        version.version(),
        version.alias(),
        entity == null ? null : entity.userId(),
        entity == null ? null : entity.productId(),
        features(row),
        prediction(row),
        record.latencyNanos() / NANOS_PER_MILLI);
  }

  private List<Float> prediction(int row) {
    List<Float> values = new ArrayList<>(record.scores().outputs());
    for (int i = 0; i < record.scores().outputs(); i++) {
      values.add(record.scores().at(row, i));
    }
    return values;
  }

  /** What was not given is null, whatever the model was given in its place. */
  private String features(int row) {
    Rows rows = record.rows();
    RowEncoder encoder = rows.encoder();
    List<String> missing = rows.missing().getOrDefault(row, List.of());
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (int i = 0; i < encoder.width(); i++) {
        String name = encoder.input(i).name();
        json.writeFieldName(name);
        write(json, missing.contains(name) ? null : encoder.value(i, rows.at(row, i)));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A string cannot be written to", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value instanceof Float number) {
      json.writeNumber(number);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }
}
