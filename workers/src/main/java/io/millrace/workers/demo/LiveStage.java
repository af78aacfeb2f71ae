package io.millrace.workers.demo;

import io.millrace.activities.features.Freshness;
import io.millrace.activities.features.FreshnessRun;
import io.millrace.core.events.Event;
import io.millrace.core.events.SyntheticEvents;
import io.millrace.stack.Endpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Locale;
import java.util.function.Consumer;

/** Sends events at a steady pace and waits for the features of each in the online store. */
final class LiveStage implements Stage {
  private static final int RATE = 200;

  /** Sent alone and awaited, so that the rest does not stand behind earlier events. */
  private static final long FIRST = 50;

  /** Far from the seeds of the other stages, so that no session is made twice. */
  private static final long SEEDS = 1_000_000;

  private final Endpoints endpoints;
  private final long events;
  private final Path stateFile;

  LiveStage(Endpoints endpoints, DemoOptions options, Path stateFile) {
    this.endpoints = endpoints;
    this.events = options.live();
    this.stateFile = stateFile;
  }

  @Override
  public String name() {
    return "live";
  }

  @Override
  public Duration limit() {
    return Duration.ofMinutes(5);
  }

  @Override
  public String lookAt() {
    return "millrace logs flink, and the Flink Web UI: are validation and features running?";
  }

  @Override
  public String run(DemoRun run, Consumer<String> progress) throws Exception {
    if (events == 0) {
      return "nothing to send beside a file";
    }
    DemoState state = DemoState.read(stateFile);
    Latest source =
        new Latest(
            new SyntheticEvents(
                state.seed() + SEEDS, state.nextStart(), SyntheticEvents.EVENTS_PER_HOUR));
    FreshnessRun pace =
        new FreshnessRun(endpoints.kafka().bootstrapServers(), endpoints.redis().uri(), RATE, 1);
    progress.accept("waiting for the features of what was sent before");
    long first = Math.min(FIRST, events);
    Freshness caughtUp = pace.send(source, 0, first, sent -> {});
    Freshness freshness =
        pace.send(
            source,
            0,
            events - first,
            sent -> progress.accept(String.format(Locale.ROOT, "%,d sent", sent)));
    if (caughtUp.lost() + freshness.lost() > 0) {
      throw new IllegalStateException(
          "the features of %d events did not come".formatted(caughtUp.lost() + freshness.lost()));
    }
    run.produced += events;
    run.freshness = freshness;
    state.upTo(source.latest).write(stateFile);
    return String.format(
        Locale.ROOT,
        "%,d events at %d/s; features online after %d ms (p50), %d ms (p99)",
        events,
        RATE,
        freshness.percentile(50),
        freshness.percentile(99));
  }

  /** Remembers the latest event time. */
  private static final class Latest implements Iterator<Event> {
    private final SyntheticEvents events;
    private Instant latest = Instant.MIN;

    Latest(SyntheticEvents events) {
      this.events = events;
    }

    @Override
    public boolean hasNext() {
      return events.hasNext();
    }

    @Override
    public Event next() {
      Event event = events.next();
      latest = event.eventTime().isAfter(latest) ? event.eventTime() : latest;
      return event;
    }
  }
}
