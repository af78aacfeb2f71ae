package io.millrace.serving.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.core.registry.NotRegisteredException;
import io.millrace.core.registry.RegistryUnavailableException;
import io.millrace.serving.AdjustableClock;
import io.millrace.serving.FakeModels;
import io.millrace.serving.predict.GoldenInstances;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A version that cannot be loaded costs little, and its reason is in the log once. */
class LoadAttemptsTest {
  private static final Duration POLL = Duration.ofSeconds(10);

  private final FakeModels registry =
      new FakeModels().registerDamaged("shop", "1").rollOut("shop", Rollout.of("1"));
  private final AdjustableClock clock = new AdjustableClock();
  private final List<String> refusals = new ArrayList<>();
  private final ModelStore store =
      new ModelStore(
          registry,
          VersionLoader.of(registry, new GoldenInstances()),
          (model, version, alias, took, refusal) -> refusals.add(String.valueOf(refusal)),
          clock);
  private final ModelReloader reloader = new ModelReloader(store, registry::models);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger =
      (Logger) LoggerFactory.getLogger(LoadAttempts.class.getPackageName());

  @BeforeEach
  void watch() {
    log.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    reloader.close();
  }

  private void pollFor(Duration time) {
    for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plus(POLL)) {
      boolean unused = reloader.load(Duration.ZERO);
      clock.advance(POLL);
    }
  }

  private List<String> lines(Level level) {
    return log.list.stream()
        .filter(event -> event.getLevel().equals(level))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void aRefusedVersionIsReadAFewTimesAndLoggedOnceInTwentySixMinutes() {
    pollFor(Duration.ofMinutes(26));

    // At once, and after 1, 3, 7 and 15 minutes.
    assertThat(registry.loads).hasValue(5);
    assertThat(lines(Level.ERROR)).isEmpty();
    assertThat(lines(Level.WARN).stream().filter(line -> line.startsWith("model refused")))
        .containsExactly(
            "model refused name=shop version=1 alias=champion next_try=2026-11-30T12:01:00Z"
                + " reason=Version 1 has no model.ubj");
    assertThat(lines(Level.WARN)).as("and once that the model is not served").hasSize(2);
    assertThat(log.list).allMatch(event -> event.getThrowableProxy() == null);
    assertThat(refusals).hasSize(5);
  }

  @Test
  void pausesGrowToAnHour() {
    pollFor(Duration.ofHours(10));
    int before = registry.loads.get();

    pollFor(Duration.ofHours(10));

    assertThat(registry.loads.get() - before).isEqualTo(10);
  }

  @Test
  void aChangeOfTheVersionTriesItAtOnce() {
    pollFor(Duration.ofHours(2));
    int before = registry.loads.get();
    registry.tag("shop", "1", "repaired");

    pollFor(POLL);

    assertThat(registry.loads.get() - before).isEqualTo(1);
    pollFor(Duration.ofMinutes(1));
    assertThat(registry.loads.get() - before).as("and its pauses begin anew").isEqualTo(2);
    assertThat(lines(Level.WARN).stream().filter(line -> line.startsWith("model refused")))
        .hasSize(2);
  }

  @Test
  void anotherReasonIsLoggedToo() {
    pollFor(POLL);
    registry.fault = new IllegalArgumentException("schema and model differ");
    pollFor(Duration.ofMinutes(20));

    assertThat(lines(Level.WARN).stream().filter(line -> line.startsWith("model refused")))
        .satisfiesExactly(
            first -> assertThat(first).endsWith("Version 1 has no model.ubj"),
            second -> assertThat(second).endsWith("schema and model differ"));
  }

  @Test
  void whatIsRepairedServesAfterItsPause() {
    pollFor(Duration.ofMinutes(5));
    registry.repair("shop", "1", FakeModels.files(1, 2, null));
    pollFor(Duration.ofMinutes(5));

    assertThat(store.require("shop").champion().version()).isEqualTo("1");
    assertThat(store.attempts().remembered()).isZero();
  }

  @Test
  void aFaultOfTheServerIsLoggedOnceWithItsStack() {
    registry.register("shop", "1", 1, 2);
    registry.fault = new NullPointerException("scorer");
    pollFor(Duration.ofMinutes(26));

    assertThat(lines(Level.ERROR)).hasSize(1);
    assertThat(log.list.stream().filter(event -> event.getThrowableProxy() != null)).hasSize(1);
    assertThat(reloader.failures().get("shop"))
        .contains("a fault of the server, which its log has");
  }

  @Test
  void whatIsAwayIsTriedSoonerAndLoggedOnce() {
    registry.register("shop", "1", 1, 2);
    registry.failures.set(100);
    pollFor(Duration.ofMinutes(26));
    int tries = registry.loads.get();
    assertThat(tries).isBetween(8, 20);
    assertThat(lines(Level.WARN).stream().filter(line -> line.startsWith("model not reached")))
        .hasSize(1);

    registry.failures.set(0);
    pollFor(Attempt.MAX_AWAY_PAUSE);

    assertThat(store.names()).containsExactly("shop");
  }

  @Test
  void oneThatSomebodyAsksForIsTriedAtOnceIfItWasAwayButNotIfItIsRefused() {
    registry.register("shop", "2", 1, 2);
    registry.failures.set(1);
    LoadAttempts attempts = store.attempts();

    assertThatThrownBy(() -> attempts.load("shop", "2", "pinned"))
        .isInstanceOf(RegistryUnavailableException.class);
    assertThat(attempts.load("shop", "2", "pinned").version()).isEqualTo("2");
    for (int i = 0; i < 50; i++) {
      assertThatThrownBy(() -> attempts.load("shop", "1", "pinned"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Version 1 has no model.ubj");
    }

    assertThat(registry.loads).hasValue(3);
    assertThat(lines(Level.WARN)).hasSize(2);
  }

  @Test
  void rememberingIsBoundedAndForgetsWhatIsDeleted() {
    LoadAttempts attempts = store.attempts();
    Supplier<Integer> remembered = attempts::remembered;
    for (int version = 2; version < 1_300; version++) {
      String name = Integer.toString(version);
      registry.registerDamaged("shop", name);
      assertThatThrownBy(() -> attempts.load("shop", name, "pinned"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(remembered.get()).isEqualTo(1_000);

    registry.delete("shop", "1299");
    assertThatThrownBy(() -> attempts.load("shop", "1299", "pinned"))
        .isInstanceOf(NotRegisteredException.class);
    assertThat(remembered.get()).isEqualTo(999);
    attempts.forget("shop");
    assertThat(remembered.get()).isZero();
  }

  @Test
  void bytesOfAFileDoNotReachTheLogNorTheReason() {
    registry.fault =
        new IllegalArgumentException(
            "Objective '\u0000\u001b[2J\n2026 ERROR forged " + "x".repeat(5_000));
    pollFor(POLL);

    assertThat(lines(Level.WARN)).allSatisfy(LoadAttemptsTest::requirePrintable);
    requirePrintable(String.valueOf(reloader.failures().get("shop")));
  }

  private static void requirePrintable(String text) {
    assertThat(text).doesNotContain("\n", "\u001b", "\u0000").hasSizeLessThan(2_000);
  }
}
