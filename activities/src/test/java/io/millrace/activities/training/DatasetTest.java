package io.millrace.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.activities.PipelineException;
import io.millrace.core.events.LimitEvents;
import io.millrace.core.features.CategoryLevels;
import io.millrace.core.models.PurchaseDefinition;
import io.millrace.core.training.BinaryMetrics;
import io.millrace.core.training.TemporalSplit;
import io.millrace.workflows.training.DatasetRef;
import io.millrace.workflows.training.LoadRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static PurchaseRow row(int i, boolean purchased) {
    return new PurchaseRow(
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

  private static TrainingTable table(int rows, int purchases) {
    return PurchaseRow.table(
        IntStream.range(0, rows).mapToObj(i -> row(i, i % (rows / purchases) == 0)).toList());
  }

  @Test
  void survivesItsFile() {
    TrainingTable table = table(50, 10);

    TrainingTable read = TableCsv.read(PurchaseDefinition.MODEL, TableCsv.write(table), "s3://x/y");

    assertThat(IntStream.range(0, 50).mapToObj(read::row).toList())
        .isEqualTo(IntStream.range(0, 50).mapToObj(table::row).toList());
    assertThat(TableCsv.write(read)).isEqualTo(TableCsv.write(table));
  }

  /** Data sets that an earlier release froze must be read, and equal rows must be equal bytes. */
  @Test
  void theFileIsAsItAlwaysWas() throws IOException {
    byte[] file = TableCsv.write(PurchaseRow.table(List.of(row(0, true), row(1, false))));

    assertThat(new GZIPInputStream(new ByteArrayInputStream(file)))
        .asString(StandardCharsets.UTF_8)
        .isEqualToNormalizingNewlines(
            """
            user_session,product_id,event_timestamp,brand,price,event_weekday,category_code_level1,category_code_level2,activity_count,is_purchased
            session-0,0,1970-01-01T00:00:00Z,"ac,""me""\",9.5,0,tv,,1,1
            session-1,1,1970-01-01T00:00:01Z,,10.5,1,tv,,2,0
            """);
  }

  @Test
  void aWeekdayIsCodedAsItselfEvenIfTrainingNeverSawIt() {
    TrainingTable table = PurchaseRow.table(List.of(row(0, true), row(6, false)));

    float[] coded = table.features(new int[] {1}, table.fitMappings(new int[] {0}));

    assertThat(coded).containsExactly(0, 15.5f, 6, 0, -1, 7);
  }

  @Test
  void holdsEventsAtTheLimits() {
    List<PurchaseRow> rows =
        LimitEvents.all().stream()
            .map(
                event ->
                    new PurchaseRow(
                        event.userSession(),
                        event.productId(),
                        event.eventTime(),
                        event.brand(),
                        event.price(),
                        0,
                        CategoryLevels.of(event.categoryCode()).level1(),
                        CategoryLevels.of(event.categoryCode()).level2(),
                        1,
                        false))
            .toList();

    TrainingTable written = PurchaseRow.table(rows);
    TrainingTable read =
        TableCsv.read(PurchaseDefinition.MODEL, TableCsv.write(written), "s3://x/y");

    for (int i = 0; i < rows.size(); i++) {
      assertThat(read.row(i)).as("row %d", i).isEqualTo(written.row(i));
    }
    assertThat(read.size()).isEqualTo(rows.size());
    TemporalSplit split = read.split(0.2, 0.2);
    assertThat(read.features(split.train(), read.fitMappings(split.train()))).isNotEmpty();
  }

  @Test
  void saysWhereAFileIsBroken() {
    byte[] bytes = TableCsv.write(table(50, 10));

    assertThatThrownBy(
            () ->
                TableCsv.read(
                    PurchaseDefinition.MODEL, java.util.Arrays.copyOf(bytes, 200), "s3://x/y"))
        .hasMessageContaining("s3://x/y cannot be read after line");
  }

  /** A changed byte behind the first member would otherwise be the end of a shorter data set. */
  @Test
  void readsAllOfAFileOrNothing() {
    byte[] first = TableCsv.write(table(20, 5));
    byte[] bytes = java.util.Arrays.copyOf(first, first.length + 1);
    bytes[first.length] = 'x';

    assertThatThrownBy(() -> TableCsv.read(PurchaseDefinition.MODEL, bytes, "s3://x/y"))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("gzip member 2");
  }

  @Test
  void saysWhyRowsAreTooFew() {
    LoadRequest request = new LoadRequest("run", 100, 10, 0.15, 0.15, 30);

    assertThat(DatasetSize.tooLittle(PurchaseRow.table(List.of()), request).orElseThrow())
        .contains("0 labelled rows in dwh.vw_ml_purchase_prediction, at least 100")
        .contains("a cart event has a label once 30 minutes of events have followed it");
    assertThat(DatasetSize.tooLittle(table(200, 5), request).orElseThrow())
        .contains("5 of 200 rows are purchases; at least 10");
    assertThat(DatasetSize.tooLittle(table(200, 40), request)).isEmpty();
    TrainingTable early =
        PurchaseRow.table(IntStream.range(0, 200).mapToObj(i -> row(i, i < 50)).toList());
    assertThat(DatasetSize.tooLittle(early, request).orElseThrow())
        .contains("validation part all have the same label");
  }

  @Test
  void saysFromWhenOnADataSetIsNew() {
    TrainingTable table = table(200, 40);

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
    TrainingTable table = SyntheticPurchases.table(42, 60_000);
    TemporalSplit split = table.split(0.15, 0.15);

    BinaryMetrics baseline =
        LogisticBaseline.train(table, split.train()).evaluate(table, split.test());
    BinaryMetrics again =
        LogisticBaseline.train(table, split.train()).evaluate(table, split.test());

    assertThat(baseline.auc()).isGreaterThan(0.6);
    assertThat(baseline).isEqualTo(again);
  }
}
