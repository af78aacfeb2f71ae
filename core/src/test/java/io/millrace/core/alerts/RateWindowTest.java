package io.millrace.core.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateWindowTest {
  private static final AlertRules RULES =
      new AlertRules(Duration.ofSeconds(60), 10, 3, Duration.ofMinutes(5));

  @Test
  void learnsWhatIsUsualAndAlertsOnlyAboveIt() {
    RateWindow window = RateWindow.EMPTY;
    for (int minute = 0; minute < 10; minute++) {
      window = add(window, minute, 100);
    }
    assertThat(window.baseline()).isBetween(90.0, 100.0);
    assertThat(window.isAlert(0, RULES)).as("as usual").isFalse();

    RateWindow more = add(window, 10, 250);
    assertThat(more.isAlert(0, RULES)).as("two and a half times").isFalse();
    assertThat(add(more, 10, 100).isAlert(0, RULES)).as("three and a half times").isTrue();
  }

  @Test
  void neverAlertsForAFew() {
    assertThat(add(RateWindow.EMPTY, 0, 9).isAlert(0, RULES)).isFalse();
    assertThat(add(RateWindow.EMPTY, 0, 10).isAlert(0, RULES)).isTrue();
  }

  @Test
  void forgetsInWindowsWithoutMessages() {
    RateWindow window = add(add(RateWindow.EMPTY, 0, 100), 1, 1);
    double afterOne = window.baseline();

    RateWindow later = add(window, 4, 1);

    double closed = afterOne + RateWindow.WEIGHT * (1 - afterOne);
    assertThat(later.baseline())
        .isCloseTo(closed * Math.pow(1 - RateWindow.WEIGHT, 2), within(1e-9));
    assertThat(later.count()).isEqualTo(1);
  }

  @Test
  void countsALateMessageInTheOpenWindow() {
    RateWindow window = add(add(RateWindow.EMPTY, 5, 2), 3, 1);

    assertThat(window.index()).isEqualTo(5);
    assertThat(window.count()).isEqualTo(3);
  }

  @Test
  void isSilentUntilTheCooldownIsOver() {
    RateWindow raised = add(RateWindow.EMPTY, 0, 100).raised(1_000);

    assertThat(raised.isAlert(1_000 + RULES.cooldown().toMillis() - 1, RULES)).isFalse();
    assertThat(raised.isAlert(1_000 + RULES.cooldown().toMillis(), RULES)).isTrue();
  }

  private static RateWindow add(RateWindow window, int minute, int messages) {
    RateWindow counted = window;
    for (int i = 0; i < messages; i++) {
      counted = counted.add(minute * 60_000L + i, RULES);
    }
    return counted;
  }
}
