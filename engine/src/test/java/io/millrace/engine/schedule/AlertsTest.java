package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.NotifyException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final ScheduleAlert LOST =
      new ScheduleAlert("nightly", ScheduleAlert.Kind.MISSED, 3, NOON);

  @Test
  void aLostRunIsToldByTheNotifiers() {
    List<Notification> told = new ArrayList<>();

    Alerts.to(told::add).raise(LOST);

    assertThat(told)
        .containsExactly(
            Notification.of(
                Notification.Level.WARNING,
                "schedule nightly has lost runs",
                LOST.message(),
                NOON));
  }

  @Test
  void aNotifierThatFailsDoesNotFailTheWatch() {
    Alerts alerts =
        Alerts.to(
            notification -> {
              throw NotifyException.passing("chat.example cannot be reached", null);
            });

    assertThatCode(() -> alerts.raise(LOST)).doesNotThrowAnyException();
  }
}
