package io.millrace.activities.lake;

import io.millrace.core.serving.PredictionMessage;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Loads the predictions of one object. One that is there already, from this object or another,
 * changes nothing.
 */
final class PredictionLoader implements ObjectIngest.Loader {
  private static final int FIELDS = 12;
  private static final String STAGE =
      """
      CREATE TEMP TABLE IF NOT EXISTS staged_predictions (predicted_at timestamptz, latency_ms float8,
        row_index int8, user_id int8, product_id int8, prediction_id text, request_id text,
        model text, version text, alias text, scores text, features text) ON COMMIT DROP
      """;
  private static final String COPY = "COPY staged_predictions FROM STDIN (FORMAT binary)";
  private static final String INSERT =
      """
      INSERT INTO dwh.predictions (predicted_at, latency_ms, user_id, product_id, object_id,
        row_index, prediction_id, request_id, model, version, alias, scores, features)
      SELECT predicted_at, latency_ms, user_id, product_id, {0},
             row_index, prediction_id, request_id, model, version, alias, scores::real[],
             features::jsonb
        FROM staged_predictions
      ON CONFLICT (prediction_id) DO NOTHING
      """;

  private final long objectId;
  private final QuarantinedRows quarantine;
  private final RecordCopy records;
  private long lines;
  private long inserted;

  PredictionLoader(DSLContext sql, long objectId) {
    this.objectId = objectId;
    this.quarantine = new QuarantinedRows(sql, objectId);
    this.records = new RecordCopy(sql, COPY, quarantine);
  }

  @Override
  public void load(DSLContext sql, InputStream stored)
      throws SQLException, UnreadableObjectException {
    sql.execute(STAGE);
    sql.execute("TRUNCATE staged_predictions"); // of the object before, in the same transaction
    records.run(stored, this::write);
    if (lines == 0 && quarantine.count() > 0) {
      throw records.noneIs("a prediction");
    }
    inserted = sql.execute(INSERT, DSL.val(objectId));
  }

  @Override
  public void settle(DSLContext sql, IngestCount count) {
    ObjectLedger.settle(sql, objectId, lines, quarantine.count(), records.inLines());
    count.load(inserted, quarantine.count());
  }

  private void write(BinaryCopy copy, long number, byte[] line) throws SQLException {
    @Nullable PredictionMessage message = read(number, line);
    if (message == null) {
      return;
    }
    lines++;
    copy.row(FIELDS);
    copy.timestamptz(message.timestamp());
    copy.float8(message.latencyMs());
    copy.int8(message.row());
    copy.nullableInt8(message.userId());
    copy.nullableInt8(message.productId());
    copy.text(message.predictionId());
    copy.text(message.requestId());
    copy.text(message.model());
    copy.text(message.version());
    copy.text(message.alias());
    copy.text(
        message.prediction().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(",", "{", "}")));
    copy.text(message.features());
  }

  private @Nullable PredictionMessage read(long number, byte[] line) {
    try {
      return PredictionMessage.parse(line);
    } catch (IllegalArgumentException e) {
      quarantine.add(number, String.valueOf(e.getMessage()), line);
      return null;
    }
  }
}
