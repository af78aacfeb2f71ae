package io.millrace.activities.training;

import io.millrace.core.training.TemporalSplit;
import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.training.LoadRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Whether there is enough to learn from, and what a data set holds. */
final class DatasetSize {
  private DatasetSize() {}

  /** Why these rows cannot be trained on, if they cannot. */
  static Optional<String> tooLittle(TrainingTable table, LoadRequest request) {
    long rows = table.size();
    long positives = table.positives(table.all());
    long fewer = Math.min(positives, rows - positives);
    if (rows < request.minRows()) {
      return Optional.of(
          "%d labelled rows in %s, at least %d are needed to train; %s"
              .formatted(
                  rows,
                  table.model().source().relation(),
                  request.minRows(),
                  table
                      .model()
                      .label()
                      .horizonRule()
                      .formatted(request.labelHorizon().toMinutes())));
    }
    if (fewer < request.minPositives()) {
      return Optional.of(
          "%d of %d rows are %s; at least %d of either label are needed to train"
              .formatted(
                  positives, rows, table.model().label().positives(), request.minPositives()));
    }
    TemporalSplit split = table.split(request.validationShare(), request.testShare());
    Map<String, int[]> parts = new LinkedHashMap<>();
    parts.put("training", split.train());
    parts.put("validation", split.validation());
    parts.put("test", split.test());
    return parts.entrySet().stream()
        .filter(
            part -> {
              long inPart = table.positives(part.getValue());
              return inPart == 0 || inPart == part.getValue().length;
            })
        .findFirst()
        .map(
            part ->
                "The %d rows of the %s part all have the same label"
                    .formatted(part.getValue().length, part.getKey()));
  }

  static DatasetRef describe(TrainingTable table, LoadRequest request, String uri, byte[] bytes) {
    TemporalSplit split = table.split(request.validationShare(), request.testShare());
    Instant watermark =
        IntStream.range(0, table.size())
            .mapToObj(table::time)
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    return new DatasetRef(
        uri,
        ArtifactStore.sha256(bytes),
        table.size(),
        table.positives(table.all()),
        split.train().length,
        split.validation().length,
        split.test().length,
        request.validationShare(),
        request.testShare(),
        watermark,
        Instant.ofEpochMilli(split.testFrom()),
        (int) request.labelHorizon().toMinutes());
  }
}
