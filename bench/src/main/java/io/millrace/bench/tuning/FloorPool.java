package io.millrace.bench.tuning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Plain processes that get trial numbers one at a time, and answer with their losses. */
final class FloorPool implements AutoCloseable {
  private final List<Worker> workers;

  /** Takes the processes over; {@link #close} ends them. */
  FloorPool(List<Process> processes) {
    workers = processes.stream().map(Worker::new).toList();
  }

  /** Runs so many trials in all processes; returns the best loss. */
  double run(int trials) {
    Batch batch = new Batch(trials);
    List<CompletableFuture<Void>> all =
        workers.stream()
            .map(worker -> CompletableFuture.runAsync(() -> worker.run(batch), Worker::thread))
            .toList();
    all.forEach(CompletableFuture::join);
    return batch.best;
  }

  @Override
  public void close() {
    workers.forEach(worker -> worker.process.destroy());
  }

  /** Trials that are still to be run, and the best loss of those that have been. */
  private static final class Batch {
    private final int trials;
    private int next;
    private double best = Double.POSITIVE_INFINITY;

    Batch(int trials) {
      this.trials = trials;
    }

    synchronized int take() {
      return next < trials ? next++ : -1;
    }

    synchronized void done(double loss) {
      best = Math.min(best, loss);
    }
  }

  private static final class Worker {
    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private boolean ready;

    Worker(Process process) {
      this.process = process;
      this.out = process.inputReader();
      this.in = process.outputWriter();
    }

    static void thread(Runnable work) {
      new Thread(work, "floor").start();
    }

    void run(Batch batch) {
      try {
        if (!ready) {
          String unused = answer(); // "ready"
          ready = true;
        }
        for (int trial = batch.take(); trial >= 0; trial = batch.take()) {
          in.write(trial + "\n");
          in.flush();
          batch.done(Double.parseDouble(answer().split(" ")[1]));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String answer() throws IOException {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("A floor process died; see above");
      }
      return line;
    }
  }
}
