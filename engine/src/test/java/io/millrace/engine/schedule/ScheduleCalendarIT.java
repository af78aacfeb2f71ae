package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.millrace.engine.toys.RealServer;
import io.temporal.api.common.v1.Memo;
import io.temporal.api.schedule.v1.Schedule;
import io.temporal.api.schedule.v1.ScheduleState;
import io.temporal.api.workflowservice.v1.ListScheduleMatchingTimesRequest;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server is the oracle: our calendar and its must give the same times, to the second. */
class ScheduleCalendarIT {

  /** Weeks with the clock changes of Berlin, New York, Cairo, Santiago and Lord Howe in 2026. */
  private static final List<Instant> WEEKS =
      List.of(
          Instant.parse("2026-03-05T00:00:00Z"),
          Instant.parse("2026-03-26T00:00:00Z"),
          Instant.parse("2026-04-02T00:00:00Z"),
          Instant.parse("2026-04-21T00:00:00Z"),
          Instant.parse("2026-09-03T00:00:00Z"),
          Instant.parse("2026-10-01T00:00:00Z"),
          Instant.parse("2026-10-22T00:00:00Z"),
          Instant.parse("2026-10-29T00:00:00Z"));

  private static final List<String> MINUTES = List.of("0", "30", "*/20", "5,59", "10-30/10");
  private static final List<String> HOURS =
      List.of("*", "0", "1", "2", "3", "23", "*/6", "1-3", "22/1", "0,2", "1,3", "12");
  private static final List<String> DAYS =
      List.of("* * *", "* * *", "29 * *", "* * 0", "* * 7", "* * sat", "5-8 * *", "* mar-oct *");
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "Europe/Berlin",
          "Europe/London",
          "America/New_York",
          "America/Santiago",
          "America/Havana",
          "Africa/Cairo",
          "Asia/Beirut",
          "Asia/Kolkata",
          "Australia/Lord_Howe",
          "Pacific/Auckland");

  /** The server gives at most 1,000 times for one question. */
  private static final int MAX = 1_000;

  private final ScheduleServer server = new ScheduleServer(RealServer.client());
  private final ScheduleClient client = ScheduleClient.newInstance(RealServer.service());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@hourly zone=Europe/Berlin",
        "@daily zone=Europe/Berlin",
        "30 2 * * * zone=Europe/Berlin",
        "*/15 1-3 * * * zone=Europe/Berlin",
        "0 2 * * 0 zone=Europe/Berlin",
        "0 3 * * 7 zone=Europe/Berlin",
        "0 5 * * 1/3 zone=Europe/Berlin",
        "0 5 * * fri-7 zone=Europe/Berlin",
        "59 23 29 * * zone=Europe/Berlin",
        "0 0 1 jan,APR,oct-dec * zone=Europe/Berlin",
        "30 2 * * * | 0 3 * * * | @every 5400s/600s zone=Europe/Berlin",
        "0 2 * * * | @every 86400s zone=Europe/Berlin start=2026-03-28T01:00:00Z"
            + " end=2026-10-25T01:00:00Z",
        "@every 3600s zone=Europe/Berlin",
        "30 1 * * * zone=Europe/Berlin",
        "*/20 3 * * * zone=Europe/Berlin",
        "0 4,2 * * * zone=Europe/Berlin",
        "7,9,30 * * * * zone=Europe/Berlin",
        "30 1-2 * * * zone=America/New_York",
        "*/20 0-3 * * * zone=America/New_York",
        "30 1 * * * | 0 2 * * * zone=Europe/London",
        "15 * * * * zone=Australia/Adelaide",
        "30 1 * * * zone=Australia/Lord_Howe",
        "*/10 1-2 * * * zone=Australia/Lord_Howe",
        "15 * * * * zone=Australia/Lord_Howe",
        "0 5 * * 0 zone=America/Santiago",
        "0 5 * * 6 zone=America/Santiago",
        "0 12 * * 0 zone=America/Havana",
        "30 0 * * * zone=America/Havana",
        "30 0 * * * zone=Asia/Beirut",
        "30 2 * * * zone=Australia/Sydney",
        "30 0-3 * * * zone=Pacific/Auckland",
        "@weekly zone=America/New_York",
        "0,30 * * * * zone=Asia/Kolkata",
        "0 0,23 * * * zone=Africa/Cairo",
        "*/20 22,23,0,1 * * * zone=Africa/Cairo",
        "0 5 * * * zone=America/Santiago",
        "*/20 * * * * zone=America/Santiago",
        "0 0,23 * * * zone=America/Santiago",
      })
  void theServerFindsTheSameTimes(String line) {
    requireTheServersTimes(line);
  }

  /** The same seeds in every run: a failure names the timetable. */
  static Stream<String> anyTimetables() {
    Random random = new Random(20_261_025);
    return Stream.generate(
            () ->
                IntStream.rangeClosed(0, random.nextInt(3))
                        .mapToObj(rule -> anyRule(random))
                        .collect(Collectors.joining(" | "))
                    + " zone="
                    + any(random, ZONES))
        .limit(80);
  }

  @ParameterizedTest
  @MethodSource("anyTimetables")
  void soItDoesForAnyTimetable(String line) {
    requireTheServersTimes(line);
  }

  private static String anyRule(Random random) {
    if (random.nextInt(5) == 0) {
      return "@every %ds/%ds".formatted(3_600 + random.nextInt(90_000), random.nextInt(3_600));
    }
    return "%s %s %s".formatted(any(random, MINUTES), any(random, HOURS), any(random, DAYS));
  }

  private static String any(Random random, List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private void requireTheServersTimes(String line) {
    Timetable timetable = Timetable.parse(line);
    ScheduleHandle handle = create("oracle", timetable);
    try {
      for (Instant from : WEEKS) {
        Instant to = from.plusSeconds(7 * 86_400);
        assertThat(timetable.calendar().between(from, to, MAX))
            .as("%s in the week from %s", line, from)
            .isEqualTo(matchingTimes("oracle", from, to));
      }
    } finally {
      handle.delete();
    }
  }

  private ScheduleHandle create(String id, Timetable timetable) {
    Schedule.Builder schedule =
        new ScheduleProto(server.converter())
            .of(
                new DagSchedule(id, timetable),
                "nobody",
                "",
                new ScheduledRun(timetable.text(), false, 0));
    schedule.setState(ScheduleState.newBuilder().setPaused(true));
    assertThat(server.create(id, schedule.build(), Memo.getDefaultInstance())).isTrue();
    return client.getHandle(id);
  }

  /** The server's range begins after its start. */
  private static List<Instant> matchingTimes(String id, Instant from, Instant to) {
    List<Instant> times = new ArrayList<>();
    for (Timestamp time :
        RealServer.service()
            .blockingStub()
            .listScheduleMatchingTimes(
                ListScheduleMatchingTimesRequest.newBuilder()
                    .setNamespace("default")
                    .setScheduleId(id)
                    .setStartTime(timestamp(from.minusSeconds(1)))
                    .setEndTime(timestamp(to))
                    .build())
            .getStartTimeList()) {
      times.add(Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
    }
    return times;
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).build();
  }
}
