package io.millrace.bench.stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.bench.Figures;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * One measured run of a side.
 *
 * @param written what it wrote
 * @param cpuMicros CPU that its processes spent on each message, their start included
 */
record StreamRun(WrittenMessages written, double cpuMicros) {

  /** Waits until the process has written so many, then kills it and what it started. */
  static StreamRun of(Process process, StreamServers servers, List<String> topics, long expected)
      throws InterruptedException {
    try {
      WrittenMessages written =
          WrittenMessages.await(servers.bootstrapServers(), topics, expected, process);
      double cpu = tree(process).mapToDouble(StreamRun::cpuSeconds).sum();
      return new StreamRun(written, cpu * 1e6 / expected);
    } finally {
      tree(process).toList().forEach(ProcessHandle::destroyForcibly);
      process.waitFor();
    }
  }

  static StreamRun median(List<StreamRun> runs) {
    return Figures.median(runs, run -> run.written().perSecond());
  }

  ObjectNode json(int of) {
    return Figures.JSON
        .createObjectNode()
        .put("events_per_second", Math.round(written.perSecond()))
        .put("later_half_events_per_second", Math.round(written.laterPerSecond()))
        .put("cpu_us_per_event", Figures.round(cpuMicros))
        .put("messages", written.count())
        .put("runs", of);
  }

  private static Stream<ProcessHandle> tree(Process process) {
    return Stream.concat(process.descendants(), Stream.of(process.toHandle()));
  }

  private static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }
}
