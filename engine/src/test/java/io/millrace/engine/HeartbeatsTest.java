package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.activity.ActivityInterface;
import io.temporal.testing.TestActivityEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {

  @Property
  void beatsThriceWithinTheTimeoutAndAtLeastEveryFiveSeconds(
      @ForAll @LongRange(min = 100, max = 10_000_000) long millis) {
    Duration every = Heartbeats.interval(Duration.ofMillis(millis));

    assertThat(every.multipliedBy(3)).isLessThanOrEqualTo(Duration.ofMillis(millis));
    assertThat(every).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void withoutATimeoutItBeatsAsWellSoThatACancelIsNoticed() {
    assertThat(Heartbeats.interval(null)).isEqualTo(Duration.ofSeconds(5));
    assertThat(Heartbeats.interval(Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
  }

  /** Works until the test lets it go. */
  @ActivityInterface
  public interface Slow {
    String work();
  }

  @Test
  void keepsWhatAnEarlierTrySaved() throws InterruptedException {
    ConcurrentLinkedQueue<String> beats = new ConcurrentLinkedQueue<>();
    CountDownLatch beaten = new CountDownLatch(2);
    TestActivityEnvironment environment = TestActivityEnvironment.newInstance();
    try {
      environment.registerActivitiesImplementations(
          (Slow)
              () ->
                  Heartbeats.during(
                      () -> {
                        try {
                          beaten.await();
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                        return "done";
                      }));
      environment.setHeartbeatDetails("row 7");
      environment.setActivityHeartbeatListener(
          String.class,
          details -> {
            beats.add(details);
            beaten.countDown();
          });

      assertThat(environment.newActivityStub(Slow.class, options()).work()).isEqualTo("done");
    } finally {
      environment.close();
    }
    assertThat(List.copyOf(beats)).allMatch("row 7"::equals);
  }

  @Test
  void goesOnAfterAnEarlierHeartbeatOfTheSameAttempt() {
    TestActivityEnvironment environment = TestActivityEnvironment.newInstance();
    try {
      environment.registerActivitiesImplementations(
          (Slow)
              () -> {
                Checkpoint.of(String.class).save("row 7");
                String first = Heartbeats.during(() -> "first");
                assertThat(Checkpoint.of(Integer.class).resume()).isEmpty();
                assertThat(Checkpoint.of(String.class).resume()).hasValue("row 7");
                return first + Heartbeats.during(() -> " second");
              });

      assertThat(environment.newActivityStub(Slow.class, options()).work())
          .isEqualTo("first second");
    } finally {
      environment.close();
    }
  }

  private static io.temporal.activity.ActivityOptions options() {
    return io.temporal.activity.ActivityOptions.newBuilder()
        .setStartToCloseTimeout(Duration.ofMinutes(1))
        .setHeartbeatTimeout(Duration.ofMillis(300))
        .build();
  }
}
