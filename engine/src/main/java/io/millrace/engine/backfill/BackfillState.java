package io.millrace.engine.backfill;

import io.millrace.engine.backfill.BackfillReport.DateReport;
import io.millrace.engine.backfill.BackfillReport.DateState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The state of each date, in the order of work. */
final class BackfillState {

  private static final int MAX_REASONS = 1_000;
  private static final int MAX_REASON = 300;

  private final String dag;
  private final String existing;
  private final List<Instant> dates;
  private final StringBuilder states;
  private final SortedMap<Integer, String> reasons;
  private final Map<DateState, Integer> counts = new EnumMap<>(DateState.class);
  private int next;

  /**
   * Opens the book of a backfill.
   *
   * @param progress what an earlier part of its history wrote, or null
   * @throws IllegalArgumentException if the request makes no sense
   */
  static BackfillState open(BackfillRequest request, @Nullable BackfillProgress progress) {
    List<Instant> dates = new ArrayList<>(request.dates());
    if (dates.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' has no time from %s to %s"
              .formatted(request.timetable(), request.from(), request.to()));
    }
    if (request.runBackwards()) {
      Collections.reverse(dates);
    }
    return progress == null
        ? new BackfillState(request.dag(), existing(request), dates, "", new TreeMap<>())
        : new BackfillState(
            request.dag(), existing(request), dates, progress.states(), progress.reasons());
  }

  /**
   * Opens the book.
   *
   * @param existing why a date is left whose run exists
   * @param dates in the order of work
   * @param states what was written of them before; empty for a new one
   */
  BackfillState(
      String dag,
      String existing,
      List<Instant> dates,
      String states,
      SortedMap<Integer, String> reasons) {
    if (!states.isEmpty() && states.length() != dates.size()) {
      throw new IllegalArgumentException(
          "The range had %d dates and now has %d; has the time zone's law changed?"
              .formatted(states.length(), dates.size()));
    }
    this.dag = dag;
    this.existing = existing;
    this.dates = List.copyOf(dates);
    this.states =
        new StringBuilder(
            states.isEmpty()
                ? String.valueOf(DateState.PLANNED.code()).repeat(dates.size())
                : states);
    this.reasons = new TreeMap<>(reasons);
    for (int index = 0; index < dates.size(); index++) {
      counts.merge(state(index), 1, Integer::sum);
    }
  }

  private static String existing(BackfillRequest request) {
    return switch (Objects.requireNonNull(request.reprocess())) {
      case NONE -> "it has a run already, and the backfill runs none again (reprocess: none)";
      case FAILED -> "it has a run that succeeded or is active (reprocess: failed)";
      case COMPLETED -> "its run is active";
    };
  }

  Instant date(int index) {
    return dates.get(index);
  }

  /** The run's id: the one that the schedule gives to the same date. */
  String runId(int index) {
    return "%s-%s".formatted(dag, dates.get(index));
  }

  DateState state(int index) {
    return DateState.of(states.charAt(index));
  }

  int count(DateState state) {
    return counts.getOrDefault(state, 0);
  }

  int total() {
    return dates.size();
  }

  /** The first date that has not begun. */
  OptionalInt nextPlanned() {
    while (next < dates.size() && state(next) != DateState.PLANNED) {
      next++;
    }
    return next < dates.size() ? OptionalInt.of(next) : OptionalInt.empty();
  }

  List<Integer> running() {
    return IntStream.range(0, dates.size())
        .filter(index -> state(index) == DateState.RUNNING)
        .boxed()
        .toList();
  }

  void set(int index, DateState state, String reason) {
    counts.merge(state(index), -1, Integer::sum);
    counts.merge(state, 1, Integer::sum);
    states.setCharAt(index, state.code());
    if (!reason.isEmpty() && (reasons.size() < MAX_REASONS || reasons.containsKey(index))) {
      reasons.put(
          index,
          reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON - 1) + "…");
    }
  }

  /**
   * Writes down what would be done with a date.
   *
   * @param place of the date in the order of time
   */
  void plan(int place, DateReport planned) {
    boolean backwards = dates.size() > 1 && dates.get(1).isBefore(dates.get(0));
    int index = backwards ? dates.size() - 1 - place : place;
    set(index, planned.state(), planned.reason());
  }

  String states() {
    return states.toString();
  }

  SortedMap<Integer, String> reasons() {
    return new TreeMap<>(reasons);
  }

  /** All dates if there are few, else those that need attention. */
  List<DateReport> reports() {
    boolean all = dates.size() <= BackfillReport.MAX_DATES;
    List<DateReport> reports = new ArrayList<>();
    for (int index = 0;
        index < dates.size() && reports.size() < BackfillReport.MAX_DATES;
        index++) {
      DateState state = state(index);
      if (all
          || state == DateState.FAILED
          || state == DateState.CANCELLED
          || state == DateState.RUNNING) {
        String reason = reasons.getOrDefault(index, "");
        reports.add(
            new DateReport(
                dates.get(index),
                runId(index),
                state,
                reason.isEmpty() && state == DateState.EXISTING ? existing : reason));
      }
    }
    return reports;
  }
}
