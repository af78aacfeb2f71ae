package io.millrace.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.PipelineException;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.features.CategoryLevels;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.TemporalSplit;
import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.training.LoadRequest;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static PurchaseTable.Row row(int i, boolean purchased) {
    return new PurchaseTable.Row(
        "session-" + i,
        i,
        Instant.EPOCH.plusSeconds(i),
        i % 2 == 0 ? "ac,\"me\"" : null,
        9.5 + i,
        i % 7,
        "tv",
        null,
        1 + i,
        purchased);
  }

  private static PurchaseTable table(int rows, int purchases) {
    return new PurchaseTable(
        IntStream.range(0, rows).mapToObj(i -> row(i, i % (rows / purchases) == 0)).toList());
  }

  @Test
  void survivesItsFile() {
    PurchaseTable table = table(50, 10);

    PurchaseTable read = DatasetCsv.read(DatasetCsv.write(table), "s3://x/y");

    assertThat(IntStream.range(0, 50).mapToObj(read::row).toList())
        .isEqualTo(IntStream.range(0, 50).mapToObj(table::row).toList());
    assertThat(DatasetCsv.write(read)).isEqualTo(DatasetCsv.write(table));
  }

  @Test
  void holdsEventsAtTheLimits() {
    List<PurchaseTable.Row> rows =
        LimitEvents.all().stream()
            .map(
                event ->
                    new PurchaseTable.Row(
                        event.userSession(),
                        event.productId(),
                        event.eventTime(),
                        DatasetCsv.nullable(event.brand()),
                        event.price(),
                        0,
                        CategoryLevels.of(event.categoryCode()).level1(),
                        CategoryLevels.of(event.categoryCode()).level2(),
                        1,
                        false))
            .toList();

    PurchaseTable read = DatasetCsv.read(DatasetCsv.write(new PurchaseTable(rows)), "s3://x/y");

    for (int i = 0; i < rows.size(); i++) {
      assertThat(read.row(i)).as("row %d", i).isEqualTo(rows.get(i));
    }
    assertThat(read.size()).isEqualTo(rows.size());
    TemporalSplit split = read.split(0.2, 0.2);
    assertThat(read.features(split.train(), read.fitMappings(split.train()))).isNotEmpty();
  }

  @Test
  void saysWhereAFileIsBroken() {
    byte[] bytes = DatasetCsv.write(table(50, 10));

    assertThatThrownBy(() -> DatasetCsv.read(java.util.Arrays.copyOf(bytes, 200), "s3://x/y"))
        .hasMessageContaining("s3://x/y cannot be read after line");
  }

  /** A changed byte behind the first member would otherwise be the end of a shorter data set. */
  @Test
  void readsAllOfAFileOrNothing() {
    byte[] first = DatasetCsv.write(table(20, 5));
    byte[] bytes = java.util.Arrays.copyOf(first, first.length + 1);
    bytes[first.length] = 'x';

    assertThatThrownBy(() -> DatasetCsv.read(bytes, "s3://x/y"))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("gzip member 2");
  }

  @Test
  void saysWhyRowsAreTooFew() {
    LoadRequest request = new LoadRequest("run", 100, 10, 0.15, 0.15, 30);

    assertThat(DatasetSize.tooLittle(new PurchaseTable(List.of()), request).orElseThrow())
        .contains("0 labelled rows in dwh.vw_ml_purchase_prediction, at least 100")
        .contains("a cart event has a label once 30 minutes of events have followed it");
    assertThat(DatasetSize.tooLittle(table(200, 5), request).orElseThrow())
        .contains("5 of 200 rows are purchases; at least 10");
    assertThat(DatasetSize.tooLittle(table(200, 40), request)).isEmpty();
    PurchaseTable early =
        new PurchaseTable(IntStream.range(0, 200).mapToObj(i -> row(i, i < 50)).toList());
    assertThat(DatasetSize.tooLittle(early, request).orElseThrow())
        .contains("validation part all have the same label");
  }

  @Test
  void saysFromWhenOnADataSetIsNew() {
    PurchaseTable table = table(200, 40);

    DatasetRef dataset =
        DatasetSize.describe(
            table, new LoadRequest("run", 100, 10, 0.15, 0.15, 30), "s3://x/y", new byte[0]);

    assertThat(dataset.trainedUntil()).isEqualTo(Instant.EPOCH.plusSeconds(170));
    assertThat(table.begunSince(Instant.EPOCH.plusSeconds(170), IntStream.range(0, 200).toArray()))
        .isEqualTo(table.split(0.15, 0.15).test())
        .hasSize(30);
  }

  @Test
  void findsTheSignalThatGeneratedEventsHold() {
    PurchaseTable table = SyntheticPurchases.table(42, 60_000);
    TemporalSplit split = table.split(0.15, 0.15);

    BinaryMetrics baseline =
        LogisticBaseline.train(table, split.train()).evaluate(table, split.test());
    BinaryMetrics again =
        LogisticBaseline.train(table, split.train()).evaluate(table, split.test());

    assertThat(baseline.auc()).isGreaterThan(0.6);
    assertThat(baseline).isEqualTo(again);
  }
}
