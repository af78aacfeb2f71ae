package io.millrace.flink.lake;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Bounds the objects that a subtask has open: every hour is one, with its file and its upload, from
 * its first line to the next checkpoint, which has to wait for all of them.
 *
 * <p>A line whose hour would be one too many is filed under the hour of now, and counted as {@code
 * lake.filed_under_now}. Without a bound, events of very many hours, valid as they are, would fill
 * the table of open files, or a checkpoint would never be complete, and neither would end by a
 * restart.
 */
final class OpenHours extends ProcessFunction<LakeLine, LakeLine> implements CheckpointedFunction {
  /** In 20 seconds even a slow store opens and closes so many objects. */
  static final int MAX = 2_000;

  private static final long serialVersionUID = 1L;
  private static final long MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

  private final int most;

  @SuppressWarnings("NullAway.Init") // by open, on the machine that runs it
  private transient Set<Long> open;

  @SuppressWarnings("NullAway.Init")
  private transient Counter filedUnderNow;

  OpenHours(int most) {
    this.most = most;
  }

  @Override
  public void open(OpenContext context) {
    open = new HashSet<>();
    filedUnderNow =
        getRuntimeContext().getMetricGroup().addGroup("lake").counter("filed_under_now");
  }

  @Override
  public void processElement(LakeLine line, Context context, Collector<LakeLine> out) {
    if (open.contains(line.hour())) {
      out.collect(line);
    } else if (open.size() < most) {
      open.add(line.hour());
      out.collect(line);
    } else {
      filedUnderNow.inc();
      long now = context.timerService().currentProcessingTime();
      out.collect(new LakeLine(Math.floorDiv(now, MILLIS_PER_HOUR), line.json()));
    }
  }

  /** The sink closes all objects. */
  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    open.clear();
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {}
}
