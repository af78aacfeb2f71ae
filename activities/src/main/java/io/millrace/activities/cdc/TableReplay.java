package io.millrace.activities.cdc;

import io.millrace.activities.streaming.EventSource;
import io.millrace.activities.streaming.Pace;
import io.millrace.activities.streaming.RawMessage;
import io.millrace.activities.streaming.ReplaySummary;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Writes the messages of a source into the table, in their order and in small transactions. A bad
 * row goes in if its columns can hold it. Each message is counted once: by its kind if it is a new
 * row, as {@link #ALREADY_THERE}, or as {@link #REFUSED} if no row can hold it.
 */
public final class TableReplay {
  /** Kind of a message that the table cannot hold. */
  public static final String REFUSED = "refused_by_the_table";

  /** Kind of an event that the table has already. */
  public static final String ALREADY_THERE = "already_there";

  private static final int BATCH = 200;

  private final CaptureConfig config;
  private final Pace pace;
  private final Map<String, Long> kinds = new TreeMap<>();
  private final List<EventRow> batch = new ArrayList<>(BATCH);
  private final List<String> kindsOfBatch = new ArrayList<>(BATCH);
  private long read;
  private long written;
  private long bytes;

  private TableReplay(CaptureConfig config, Pace pace) {
    this.config = config;
    this.pace = pace;
  }

  /**
   * Writes everything.
   *
   * @param ratePerSecond most rows a second; 0 = as fast as it goes
   * @param progress told the number of messages read so far, often; cheap calls only
   * @return what was done; {@code produced} counts rows that were not there before
   * @throws CaptureException if the database does not answer or refuses
   */
  public static ReplaySummary write(
      CaptureConfig config, EventSource source, double ratePerSecond, LongConsumer progress) {
    try (EventsTable table = EventsTable.open(config)) {
      return new TableReplay(config, new Pace(ratePerSecond)).run(table, source, progress);
    }
  }

  private ReplaySummary run(EventsTable table, EventSource source, LongConsumer progress) {
    long started = System.nanoTime();
    String brokenOff = null;
    try {
      for (RawMessage message = source.next(); message != null; message = source.next()) {
        progress.accept(++read);
        take(message);
        // At a slow pace each row is there when it is due, not when a batch is full.
        if (batch.size() == BATCH || pace.isLimited()) {
          flush(table);
          pace.keep(read);
        }
      }
    } catch (IOException e) {
      brokenOff = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    flush(table);
    return new ReplaySummary(
        written,
        kinds,
        source.blankLines(),
        source.refusedLines(),
        bytes,
        Duration.ofNanos(System.nanoTime() - started),
        source.remarks(),
        brokenOff);
  }

  private void take(RawMessage message) {
    Optional<EventRow> row = EventRow.of(message.value());
    if (row.isEmpty()) {
      count(REFUSED);
      return;
    }
    batch.add(row.get());
    kindsOfBatch.add(message.kind());
    bytes += message.value().length;
  }

  private void flush(EventsTable table) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      List<EventsTable.Outcome> outcomes = table.write(batch);
      for (int i = 0; i < outcomes.size(); i++) {
        count(outcomes.get(i), kindsOfBatch.get(i));
      }
    } catch (SQLException e) {
      throw EventsTable.failure(config, e);
    }
    batch.clear();
    kindsOfBatch.clear();
  }

  private void count(EventsTable.Outcome outcome, String kind) {
    switch (outcome) {
      case INSERTED -> {
        written++;
        count(kind);
      }
      case ALREADY_THERE -> count(ALREADY_THERE);
      case REFUSED -> count(REFUSED);
    }
  }

  private void count(String kind) {
    kinds.merge(kind, 1L, Long::sum);
  }
}
