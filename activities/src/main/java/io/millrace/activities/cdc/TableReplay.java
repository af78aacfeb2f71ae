package io.millrace.activities.cdc;

import io.millrace.activities.streaming.EventSource;
import io.millrace.activities.streaming.Pace;
import io.millrace.activities.streaming.RawMessage;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.activities.streaming.ReplayTally;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes the messages of a source into the table, in their order and in small transactions. A bad
 * row goes in if its columns can hold it. Each message is counted once: by its kind if it is a new
 * row, as {@link #ALREADY_THERE}, or as {@link #REFUSED} if no row can hold it; of these the
 * remarks name line and reason.
 */
public final class TableReplay {
  /** Kind of a message that the table cannot hold. */
  public static final String REFUSED = "refused_by_the_table";

  /** Kind of an event that the table has already. */
  public static final String ALREADY_THERE = "already_there";

  private static final int BATCH = 200;

  private record Pending(RawMessage message, EventRow row) {}

  private final CaptureConfig config;
  private final EventSource source;
  private final ReplayTally tally;
  private final Pace pace;
  private final List<Pending> batch = new ArrayList<>(BATCH);

  private TableReplay(CaptureConfig config, EventSource source, Pace pace) {
    this.config = config;
    this.source = source;
    this.tally = new ReplayTally(source);
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
      return new TableReplay(config, source, new Pace(ratePerSecond)).run(table, progress);
    }
  }

  private ReplaySummary run(EventsTable table, LongConsumer progress) {
    String brokenOff = null;
    long read = 0;
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
    return tally.summary(brokenOff);
  }

  private void take(RawMessage message) {
    try {
      batch.add(new Pending(message, EventRow.of(message.value())));
    } catch (EventRow.NoRowException e) {
      refused(message, e.reason());
    }
  }

  private void flush(EventsTable table) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      List<EventsTable.Written> written = table.write(batch.stream().map(Pending::row).toList());
      for (int i = 0; i < written.size(); i++) {
        count(batch.get(i).message(), written.get(i));
      }
    } catch (SQLException e) {
      throw EventsTable.failure(config, e);
    }
    batch.clear();
  }

  private void count(RawMessage message, EventsTable.Written written) {
    switch (written.outcome()) {
      case INSERTED -> tally.produced(message);
      case ALREADY_THERE -> tally.found(ALREADY_THERE);
      case REFUSED -> refused(message, written.reason());
    }
  }

  private void refused(RawMessage message, String reason) {
    tally.refused(message, REFUSED, "refused by the table: " + reason);
  }
}
