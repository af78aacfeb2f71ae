package io.millrace.activities.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workflows.lake.LakeBatch;
import io.millrace.workflows.lake.LakeListing;
import io.millrace.workflows.lake.LakeScope;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  @Test
  void closesABatchByNumberOrBySize() {
    List<LakeBatch> batches = Batches.of(listing(3, 100), entries(7, 10));

    assertThat(batches).extracting(batch -> batch.objectIds().size()).containsExactly(3, 3, 1);
    assertThat(Batches.of(listing(10, 20), entries(5, 10)))
        .extracting(LakeBatch::bytes)
        .containsExactly(20L, 20L, 10L);
    assertThat(batches.get(0).name()).isEqualTo("2019-10-01 05h (3 objects)");
  }

  @Test
  void leavesTheNextRunWhatOneCannotMap() {
    List<LakeBatch> batches = Batches.of(listing(1, 100), entries(1_000, 1));

    assertThat(batches).hasSize(Batches.MAX_BATCHES);
  }

  private static LakeListing listing(int objects, long bytes) {
    return new LakeListing(new LakeScope("b", "p/"), 10_000, objects, bytes);
  }

  private static List<ObjectLedger.Entry> entries(int count, long bytes) {
    return LongStream.range(0, count)
        .mapToObj(
            id ->
                new ObjectLedger.Entry(
                    id,
                    new LakeObject("b", "p/year=2019/month=10/day=01/hour=05/" + id, "e", bytes)))
        .toList();
  }
}
