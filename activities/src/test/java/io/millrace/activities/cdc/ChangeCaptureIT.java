package io.millrace.activities.cdc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.activities.streaming.GeneratedEvents;
import io.millrace.activities.streaming.RawMessage;
import io.millrace.activities.streaming.ReplaySummary;
import io.millrace.core.events.EventIdentity;
import io.millrace.core.events.EventReader;
import io.millrace.core.events.Verdict;
import io.millrace.stack.Component;
import io.millrace.stack.Endpoints;
import io.millrace.stack.LocalStack;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Debezium on Kafka Connect, on real servers: one capture, looked at from beginning to end. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChangeCaptureIT {
  private static final int PARTITIONS = 2;
  private static final Instant START = Instant.parse("2019-10-01T00:00:00Z");

  private static LocalStack stack;
  private static CaptureConfig config;
  private static ChangeCapture capture;
  private static CapturedEvents captured;
  private static final List<String> expected = new ArrayList<>();

  @BeforeAll
  static void start() {
    stack = LocalStack.forTests(Component.CONNECT);
    Endpoints.Cdc cdc = stack.endpoints().cdc();
    config =
        new CaptureConfig(
            URI.create(cdc.connectUrl()),
            cdc.jdbcUrl(),
            cdc.user(),
            cdc.password(),
            cdc.connectToken());
    String kafka = stack.endpoints().kafka().bootstrapServers();
    capture = new ChangeCapture(config, kafka);
    captured = new CapturedEvents(kafka, PARTITIONS);
  }

  @AfterAll
  static void stop() {
    captured.close();
    stack.close();
  }

  @Test
  @Order(1)
  void saysThatThereIsNoConnectorYet() {
    CaptureStatus status = capture.status();

    assertThat(status.connector()).isNull();
    assertThat(status.slot()).isNull();
    assertThat(status.isRunning()).isFalse();
    assertThat(status.lastEvent()).isNull();
  }

  @Test
  @Order(2)
  void sendsEveryEventOnceThroughSnapshotStreamAndKilledServers() {
    ReplaySummary before = produce(300, 1);
    CaptureStatus registered = capture.register(PARTITIONS);
    assertThat(registered.isRunning()).isTrue();
    assertThat(registered.table().published()).isTrue();
    ReplaySummary streamed = produce(300, 2);
    ReplaySummary again = produce(300, 2);
    assertThat(again.kinds().keySet()).containsOnly(TableReplay.ALREADY_THERE, TableReplay.REFUSED);
    assertThat(streamed.kinds().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(300);
    awaitExpected();
    stack.kill9(Component.CONNECT);
    ReplaySummary missed = produce(300, 3);
    stack.restart(Component.CONNECT);
    stack.kill9(Component.POSTGRES);
    stack.restart(Component.POSTGRES);
    ReplaySummary last = produce(300, 4);

    awaitExpected();
    long rows = before.produced() + streamed.produced() + missed.produced() + last.produced();
    assertThat(captured.all()).hasSize((int) rows);
    assertThat(captured.all())
        .extracting(CapturedEvents.Captured::verdict)
        .anyMatch(verdict -> verdict instanceof Verdict.Invalid);
    assertThat(captured.all())
        .filteredOn(message -> message.verdict() instanceof Verdict.Valid)
        .allSatisfy(message -> assertThat(message.key()).isEqualTo(message.event().userSession()));
  }

  @Test
  @Order(3)
  void takesAnUpdateForANewEventIfItsIdentityChangesAndADeleteForNone() throws SQLException {
    int before = captured.all().size();
    execute(
        "insert into public.events (event_time, event_type, product_id, category_id, price,"
            + " user_id, user_session) values ('2020-01-01 00:00:00.25+00', 'view', 1, 2, 3.5, 4,"
            + " 'one')");
    execute("update public.events set price = 4.5 where user_session = 'one'");
    execute("update public.events set user_session = 'two' where user_session = 'one'");
    execute("delete from public.events where user_session = 'two'");
    execute(
        "insert into public.events (event_time, event_type, product_id, category_id, price,"
            + " user_id, user_session) values ('2020-01-01 00:00:01+00', 'view', 1, 2, 3.5, 4,"
            + " 'one')");

    awaitMessages(before + 4);
    List<CapturedEvents.Captured> changes =
        captured.all().stream()
            .skip(before)
            .filter(message -> message.key().equals("one"))
            .toList();
    List<CapturedEvents.Captured> moved =
        captured.all().stream().filter(message -> "two".equals(message.key())).toList();
    assertThat(changes)
        .extracting(message -> message.event().price())
        .containsExactly(3.5, 4.5, 3.5);
    assertThat(changes.get(1).identity()).isEqualTo(changes.get(0).identity());
    assertThat(moved).hasSize(1);
    assertThat(moved.get(0).identity()).isNotEqualTo(changes.get(0).identity());
    assertThat(moved.get(0).event().eventTime())
        .isEqualTo(Instant.parse("2020-01-01T00:00:00.25Z"));
    await().untilAsserted(() -> assertThat(capture.status().rows().deleted()).isEqualTo(1));
  }

  @Test
  @Order(4)
  void goesOnThroughChangesOfTheTable() throws SQLException {
    int before = captured.all().size();
    execute("alter table public.events add column note text");
    execute("alter table public.events alter column price type numeric(12, 2)");
    execute(
        "insert into public.events (event_time, event_type, product_id, category_id, price,"
            + " user_id, user_session, note) values ('2020-01-02 00:00:00+00', 'view', 1, 2, 3.5,"
            + " 4, 'noted', 'new')");
    execute("alter table public.events drop column note");
    execute(
        "insert into public.events (event_time, event_type, product_id, category_id, price,"
            + " user_id, user_session) values ('2020-01-03 00:00:00+00', 'view', 1, 2, 3.5, 4,"
            + " 'noted')");

    awaitMessages(before + 2);
    assertThat(captured.all().stream().filter(message -> "noted".equals(message.key())))
        .hasSize(2)
        .allSatisfy(message -> assertThat(message.event().price()).isEqualTo(3.5));
    assertThat(capture.status().isRunning()).isTrue();
  }

  @Test
  @Order(5)
  void letsTheLogGoWhileOnlyOtherTablesAreWritten() throws SQLException {
    execute("create table noise as select generate_series(1, 100000) as number");
    long lag = capture.status().slot().lagBytes();

    assertThat(lag).isPositive();
    // A heartbeat every ten seconds, and Connect writes down once a minute how far it has come.
    await()
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(capture.status().slot().lagBytes()).isLessThan(1_000_000));
    assertThat(capture.status().lastEvent()).isNotNull();
  }

  @Test
  @Order(6)
  void failsRatherThanLeaveAGapWhenItsSlotIsGone() throws SQLException {
    new ConnectApi(config.connectUrl(), config.connectToken()).stop(ChangeCapture.CONNECTOR);
    await().until(() -> !capture.status().slot().active());
    execute("select pg_drop_replication_slot('millrace_cdc')");

    assertThatThrownBy(() -> capture.register(PARTITIONS))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("has failed")
        .hasMessageContaining("no longer available on the server")
        .hasMessageContaining("millrace cdc unregister");
  }

  @Test
  @Order(7)
  void takesEverythingAwayAndBeginsAgainWithASnapshot() {
    int before = captured.all().size();
    capture.unregister();
    assertThat(capture.status().connector()).isNull();
    assertThat(capture.status().slot()).isNull();
    assertThat(capture.status().table().published()).isFalse();

    CaptureStatus again = capture.register(PARTITIONS);

    assertThat(again.isRunning()).isTrue();
    await()
        .untilAsserted(
            () -> assertThat(captured.all()).hasSizeGreaterThan(before + expected.size() - 1));
  }

  @Test
  @Order(8)
  void namesWhatDoesNotAnswerOrIsRefused() {
    CaptureConfig nobody =
        new CaptureConfig(
            URI.create("http://127.0.0.1:1"), config.jdbcUrl(), config.user(), config.password());
    CaptureConfig wrong =
        new CaptureConfig(
            config.connectUrl(), config.jdbcUrl(), config.user(), "wrong", config.connectToken());
    String kafka = stack.endpoints().kafka().bootstrapServers();

    assertThatThrownBy(() -> new ChangeCapture(nobody, kafka).status())
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("http://127.0.0.1:1 does not answer")
        .hasMessageContaining("millrace up --cdc");
    assertThatThrownBy(() -> new ChangeCapture(wrong, kafka).register(1))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  @Order(9)
  void refusesTheValueThatDebeziumDoesNotKnow() throws SQLException {
    execute("alter table public.events alter column brand type text");
    execute("alter table public.events alter column brand set storage external");
    execute("alter table public.events replica identity default");
    int before = captured.all().size();
    execute(
        "insert into public.events (event_time, event_type, product_id, category_id, brand, price,"
            + " user_id, user_session) values ('2020-01-04 00:00:00+00', 'view', 1, 2,"
            + " repeat('long', 5000), 3.5, 4, 'long')");
    execute("update public.events set price = 4.5 where user_session = 'long'");

    awaitMessages(before + 2);
    assertThat(captured.all().get(before + 1).verdict())
        .isInstanceOfSatisfying(
            Verdict.Invalid.class,
            invalid -> assertThat(invalid.errorMessage()).startsWith("Field brand is unavailable"));
    CaptureStatus status = capture.status();
    assertThat(status.isRunning()).isTrue();
    assertThat(status.table().replicaIdentity()).isEqualTo("DEFAULT");
    assertThat(status.warnings())
        .singleElement()
        .asString()
        .contains("replica identity of public.events is DEFAULT, not FULL", "cdc register");
    assertThat(capture.register(PARTITIONS).warnings()).isEmpty();

    execute("update public.events set price = 5.5 where user_session = 'long'");
    awaitMessages(before + 3);
    assertThat(captured.all().get(before + 2).event().brand()).hasSize(20_000);
  }

  @Test
  @Order(10)
  void saysThatTheTableWasReplacedAndDoesNotGoOnWithoutTheRowsInBetween() throws SQLException {
    execute("alter table public.events rename to events_before");
    expected.clear();
    ReplaySummary written = produce(100, 5);
    assertThat(produce(100, 5).produced()).isZero();

    CaptureStatus replaced = capture.status();
    assertThat(replaced.table().published()).isFalse();
    assertThat(replaced.table().alsoPublished()).containsExactly("events_before");
    assertThat(replaced.isRunning()).isFalse();
    assertThat(replaced.warnings())
        .singleElement()
        .asString()
        .contains("not the table that is captured", "events_before", "cdc unregister");
    assertThatThrownBy(() -> capture.register(PARTITIONS))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("Rows written to it since are not captured")
        .hasMessageContaining("millrace cdc unregister");

    int before = captured.all().size();
    capture.unregister();
    CaptureStatus again = capture.register(PARTITIONS);

    assertThat(again.warnings()).isEmpty();
    awaitMessages(before + (int) written.produced());
    assertThat(
            captured.all().stream()
                .skip(before)
                .filter(message -> message.verdict() instanceof Verdict.Valid)
                .map(CapturedEvents.Captured::identity))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** The counts of a replay add up, and what the table cannot hold is named with its reason. */
  @Test
  @Order(11)
  void namesEveryMessageThatTheTableCannotHold() {
    ReplaySummary summary = TableReplay.write(config, events(2_000, 6), 0, read -> {});

    long refused = summary.kinds().get(TableReplay.REFUSED);
    assertThat(summary.lines()).isEqualTo(2_000);
    assertThat(summary.kinds().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(2_000);
    assertThat(refused).isPositive();
    assertThat(summary.remarks().size() + summary.moreRemarks()).isEqualTo(refused);
    assertThat(summary.remarks())
        .allSatisfy(
            remark -> assertThat(remark).matches("message [0-9]+: refused by the table: .{5,}"));
    // They were made bad on purpose: nothing of the input is missing.
    assertThat(summary.isComplete()).isTrue();
  }

  private static ReplaySummary produce(int messages, int seed) {
    EventReader reader = new EventReader();
    GeneratedEvents source = events(messages, seed);
    for (RawMessage message = source.next(); message != null; message = source.next()) {
      if (reader.read(message.value()) instanceof Verdict.Valid valid) {
        String identity = EventIdentity.hex(valid.event());
        if (!expected.contains(identity)) {
          expected.add(identity);
        }
      }
    }
    return TableReplay.write(config, events(messages, seed), 0, read -> {});
  }

  private static GeneratedEvents events(int messages, int seed) {
    return new GeneratedEvents(messages, seed, 0.1, START.plus(Duration.ofDays(seed)));
  }

  /** The identities that Kafka's own producer would have sent, each once. */
  private static void awaitExpected() {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        captured.all().stream()
                            .filter(message -> message.verdict() instanceof Verdict.Valid)
                            .map(CapturedEvents.Captured::identity))
                    .containsExactlyInAnyOrderElementsOf(expected));
  }

  private static void awaitMessages(int count) {
    await().untilAsserted(() -> assertThat(captured.all()).hasSize(count));
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = EventsTable.connect(config);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
