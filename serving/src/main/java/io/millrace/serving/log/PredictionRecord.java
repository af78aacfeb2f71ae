package io.millrace.serving.log;

import io.millrace.core.features.OnlineKey;
import io.millrace.serving.models.Rows;
import io.millrace.serving.models.Scores;
import io.millrace.serving.models.ServedVersion;
import java.time.Instant;
import java.util.List;

/**
 * What one request was given.
 *
 * @param version which answered, or was scored beside
 * @param requestId as in the answer's {@code X-Request-Id}
 * @param at when it was answered
 * @param latencyNanos from the reading of the request to its scores
 * @param entities users and products, row by row; empty if the request brought the features itself
 * @param rows the inputs as the model saw them; their encoder knows what the numbers stand for
 * @param scores what the version gave for each row
 */
public record PredictionRecord(
    ServedVersion version,
    String requestId,
    Instant at,
    long latencyNanos,
    List<OnlineKey> entities,
    Rows rows,
    Scores scores) {}
