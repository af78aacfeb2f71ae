package io.millrace.bench.tuning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Hands out trial numbers to plain processes, one at a time each, and collects their losses. */
final class FloorPool {
  private final int trials;
  private int next;
  private double best = Double.POSITIVE_INFINITY;

  FloorPool(int trials) {
    this.trials = trials;
  }

  void drive(Process process) {
    try (BufferedReader out = process.inputReader();
        Writer in = process.outputWriter()) {
      String line = out.readLine(); // "ready"
      for (int trial = take(); trial >= 0 && line != null; trial = take()) {
        in.write(trial + "\n");
        in.flush();
        line = out.readLine();
        if (line == null) {
          throw new IllegalStateException("A floor process died in trial " + trial);
        }
        done(Double.parseDouble(line.split(" ")[1]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.destroy();
    }
  }

  private synchronized int take() {
    return next < trials ? next++ : -1;
  }

  private synchronized void done(double loss) {
    best = Math.min(best, loss);
  }

  synchronized double best() {
    return best;
  }
}
