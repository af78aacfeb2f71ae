package io.millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is made of measured values, and where it is written. */
public final class Figures {
  public static final ObjectMapper JSON = new ObjectMapper();

  private Figures() {}

  /** The middle one, or the mean of the two. */
  public static double median(double... values) {
    double[] sorted = sorted(values);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The one in the middle, the later of two. */
  public static <T> T median(List<T> runs, ToDoubleFunction<T> value) {
    return runs.stream().sorted(Comparator.comparingDouble(value)).toList().get(runs.size() / 2);
  }

  /** The least value that so many percent do not exceed. */
  public static double percentile(double percent, double... values) {
    double[] sorted = sorted(values);
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  /** Seconds since a time of {@link System#nanoTime}. */
  public static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** To three places. */
  public static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /** The load average of the last minute. */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** Writes a bench's result to its file and in one line to standard output. */
  public static void write(ObjectNode result, Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n");
    System.out.println(result);
  }

  private static double[] sorted(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
