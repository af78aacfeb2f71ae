package io.millrace.workflows.training;

import io.millrace.engine.Summary;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A frozen data set, by reference: what travels through a run instead of rows.
 *
 * @param uri {@code s3://bucket/key} of a gzipped CSV with a header, ordered by event time
 * @param sha256 hex, of the object's bytes; whoever reads the object checks it
 * @param rows in all
 * @param positives rows whose label is 1
 * @param trainRows rows of the oldest sessions
 * @param validationRows rows of the sessions after those
 * @param testRows rows of the newest sessions
 * @param validationShare asked for, see {@link io.millrace.core.training.TemporalSplit}
 * @param testShare asked for
 * @param watermark the newest event time in it
 * @param trainedUntil when the oldest session of the test part began: what is trained on this data
 *     set has learned from sessions that began earlier and from no others. Null in runs that are
 *     older than this field
 * @param labelHorizonMinutes see {@link io.millrace.core.features.PurchaseLabel}; null in runs that
 *     are older than this field
 */
public record DatasetRef(
    String uri,
    String sha256,
    long rows,
    long positives,
    long trainRows,
    long validationRows,
    long testRows,
    double validationShare,
    double testShare,
    Instant watermark,
    @Nullable Instant trainedUntil,
    @Nullable Integer labelHorizonMinutes)
    implements Summary {

  @Override
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%,d rows, %,d purchases, up to %s; train %,d, validation %,d, test %,d%s",
        rows,
        positives,
        watermark,
        trainRows,
        validationRows,
        testRows,
        trainedUntil == null ? "" : " from " + trainedUntil + " on");
  }
}
