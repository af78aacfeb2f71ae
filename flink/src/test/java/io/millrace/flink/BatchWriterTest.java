package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.Test;

class BatchWriterTest {
  private final CountedMetrics metrics = new CountedMetrics();
  private final Target target = new Target();
  private final BatchWriter<String> writer =
      new BatchWriter<>("a server", target, new TestProcessingTimeService(), metrics);

  @Test
  void sendsTogetherWhatIsSmall() throws Exception {
    for (int i = 0; i < 600; i++) {
      writer.write("small", null);
    }
    writer.flush(false);

    assertThat(target.batches).containsExactly(512, 88);
  }

  @Test
  void doesNotGatherWhatIsLarge() throws Exception {
    String mebibyte = "x".repeat(1 << 20);
    for (int i = 0; i < 10; i++) {
      writer.write(mebibyte, null);
    }

    assertThat(target.batches).containsExactly(4, 4);
  }

  @Test
  void leavesOutWhatTheServerWillNeverTake() throws Exception {
    writer.write("never", null);
    writer.write("good", null);
    writer.flush(true);
    writer.write("good", null);
    writer.flush(true);

    assertThat(target.batches).containsExactly(2, 1);
    assertThat(metrics.count("batches.refused")).isEqualTo(1);
    assertThat(metrics.count("batches.changed")).isEqualTo(2);
    assertThat(metrics.count("batches.kept")).isZero();
  }

  private static final class Target implements BatchTarget<String> {
    private final List<Integer> batches = new ArrayList<>();

    @Override
    public Outcome apply(List<String> writes) {
      batches.add(writes.size());
      List<String> refused = writes.stream().filter("never"::equals).toList();
      return new Outcome(writes.size() - refused.size(), refused);
    }

    @Override
    public int bytes(String write) {
      return write.length();
    }

    @Override
    public void close() {}
  }
}
