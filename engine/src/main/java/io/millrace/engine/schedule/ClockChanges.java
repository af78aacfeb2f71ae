package io.millrace.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what a cron does on the days on which its zone's clock changes, before it does it. */
final class ClockChanges {

  private static final Duration AROUND = Duration.ofHours(6);

  private ClockChanges() {}

  /** A sentence for each cron and each change that meets it within a year. */
  static List<String> warnings(Timetable timetable, Instant from) {
    ZoneId zone = timetable.zone();
    List<String> warnings = new ArrayList<>();
    Instant until = from.plus(Duration.ofDays(366));
    for (ZoneOffsetTransition change = zone.getRules().nextTransition(from);
        change != null && change.getInstant().isBefore(until);
        change = zone.getRules().nextTransition(change.getInstant())) {
      for (TimeSpec spec : timetable.specs()) {
        if (spec instanceof TimeSpec.Cron cron && !cron.fields().isEveryHour()) {
          warning(cron, zone, change).ifPresent(warnings::add);
        }
      }
    }
    return warnings;
  }

  private static Optional<String> warning(
      TimeSpec.Cron cron, ZoneId zone, ZoneOffsetTransition change) {
    CronFields fields = cron.fields();
    LocalDate day = change.getDateTimeBefore().toLocalDate();
    if (change.isGap()) {
      return minutes(change.getDateTimeBefore(), change.getDateTimeAfter())
              .anyMatch(fields::matches)
          ? Optional.of(
              "cron '%s' does not run on %s: %s skips that time".formatted(cron, day, zone))
          : Optional.empty();
    }
    Instant first = change.getInstant().minus(AROUND);
    Instant last = change.getInstant().plus(AROUND);
    List<Instant> runs =
        Timetable.cron(cron.text(), zone.getId())
            .calendar()
            .between(first, last, Integer.MAX_VALUE);
    List<Instant> shown =
        Stream.iterate(first, time -> !time.isAfter(last), time -> time.plusSeconds(60))
            .filter(time -> fields.matches(LocalDateTime.ofInstant(time, zone)))
            .toList();
    boolean twice =
        minutes(change.getDateTimeAfter(), change.getDateTimeBefore()).anyMatch(fields::matches);
    return twice || !runs.equals(shown)
        ? Optional.of(
            "cron '%s' on %s, when %s shows %s to %s twice, runs at %s"
                .formatted(
                    cron,
                    day,
                    zone,
                    change.getDateTimeAfter().toLocalTime(),
                    change.getDateTimeBefore().toLocalTime(),
                    runs.stream().map(Instant::toString).collect(Collectors.joining(", "))))
        : Optional.empty();
  }

  private static Stream<LocalDateTime> minutes(LocalDateTime from, LocalDateTime to) {
    return Stream.iterate(from, time -> time.isBefore(to), time -> time.plusMinutes(1));
  }
}
