package io.millrace.workers.cli;

import io.millrace.activities.streaming.EventSource;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar for a replay; nothing at all when nobody watches. */
final class ReplayBar implements AutoCloseable {
  private static final int EVERY = 512;

  private final EventSource source;
  private final @Nullable ProgressBar bar;

  private ReplayBar(EventSource source, @Nullable ProgressBar bar) {
    this.source = source;
    this.bar = bar;
  }

  static ReplayBar of(Console console, EventSource source) {
    if (!console.interactive()) {
      return new ReplayBar(source, null);
    }
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("producing")
            .setInitialMax(source.total())
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .setMaxRenderedLength(Math.min(console.columns(), 100))
            .build();
    return new ReplayBar(source, bar);
  }

  void update(long sent) {
    if (bar != null && sent % EVERY == 0) {
      bar.stepTo(source.position());
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.stepTo(source.position());
      bar.close();
    }
  }
}
