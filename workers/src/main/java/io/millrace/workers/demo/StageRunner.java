package io.millrace.workers.demo;

import io.millrace.workers.cli.CommandFailure;
import io.millrace.workers.cli.Console;
import io.millrace.workers.cli.LiveLines;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Runs stages one after the other, each within its limit, and shows how the current one stands. */
final class StageRunner {
  private static final long REDRAW_MILLIS = 250;

  /** Where the text of a stage's line begins. */
  private static final String INDENT = " ".repeat(29);

  private final Console console;
  private final LiveLines screen;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  StageRunner(Console console) {
    this.console = console;
    screen = new LiveLines(console);
  }

  /** How long each stage that ended took. */
  Map<String, Double> seconds() {
    return seconds;
  }

  /**
   * Runs a stage.
   *
   * @throws CommandFailure naming the stage, the reason and what to look at
   */
  void run(Stage stage, DemoRun run) {
    long started = System.nanoTime();
    AtomicReference<String> progress = new AtomicReference<>("");
    ExecutorService thread = Executors.newSingleThreadExecutor(task -> daemon(stage, task));
    try {
      Future<String> work = thread.submit(() -> stage.run(run, progress::set));
      String done = await(stage, work, started, progress);
      screen.erase();
      console.err().println(broken(line(stage, started, done)));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw failure(
          stage, cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw failure(
          stage, "not done after " + stage.limit().toSeconds() + " s; last seen: " + progress, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(stage, "interrupted", e);
    } finally {
      screen.erase();
      thread.shutdownNow();
      seconds.put(stage.name(), elapsed(started).toMillis() / 1e3);
    }
  }

  private String await(
      Stage stage, Future<String> work, long started, AtomicReference<String> progress)
      throws InterruptedException, ExecutionException, TimeoutException {
    while (true) {
      screen.draw(List.of(line(stage, started, String.valueOf(progress.get()))));
      try {
        return work.get(REDRAW_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (elapsed(started).compareTo(stage.limit()) > 0) {
          throw e;
        }
      }
    }
  }

  private static CommandFailure failure(Stage stage, String reason, Throwable cause) {
    return CommandFailure.failed(
        "stage '" + stage.name() + "' failed: " + reason + "\n  look at: " + stage.lookAt(), cause);
  }

  private static String line(Stage stage, long started, String text) {
    return String.format(
        Locale.ROOT, "%-18s %6.1f s  %s", stage.name(), elapsed(started).toMillis() / 1e3, text);
  }

  /** For a person in lines that fit the terminal, below each other; for a log as it is. */
  private String broken(String line) {
    int width = console.columns() - 1;
    StringBuilder lines = new StringBuilder();
    String rest = line;
    while (console.interactive() && rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > INDENT.length() ? space : width;
      lines.append(rest, 0, end).append(System.lineSeparator());
      rest = INDENT + rest.substring(end).stripLeading();
    }
    return lines + rest;
  }

  private static Duration elapsed(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static Thread daemon(Stage stage, Runnable task) {
    Thread thread = new Thread(task, "demo-" + stage.name());
    thread.setDaemon(true);
    return thread;
  }
}
