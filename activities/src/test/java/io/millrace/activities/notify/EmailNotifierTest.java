package io.millrace.activities.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.activities.notify.SmtpConfig.Security;
import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.Notification.Level;
import io.millrace.engine.notify.NotifyException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmailNotifierTest {

  private static final Notification NOTICE =
      new Notification(
          Level.ERROR,
          "mill-1\r\nBcc: all@example.org failed",
          "grind failed: a stöne fell\n.\nnext line",
          Map.of("dag", "mill"),
          "http://ui/1",
          Instant.parse("2026-11-21T10:00:00Z"));

  private FakeSmtpServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeSmtpServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void aMailIsDelivered() {
    notifier("sesame", Security.NONE).send(NOTICE);

    assertThat(server.heard())
        .contains(
            "MAIL FROM:<millrace@example.org>",
            "RCPT TO:<ana@example.org>",
            "RCPT TO:<bo@example.org>",
            "To: ana@example.org, bo@example.org",
            "Subject: [millrace] mill-1 Bcc: all@example.org failed",
            "Date: Sat, 21 Nov 2026 10:00:00 +0000 (UTC)",
            "..",
            "dag: mill",
            "http://ui/1",
            "QUIT")
        .noneMatch(line -> line.startsWith("Bcc:"));
  }

  @Test
  void aWrongPasswordIsNotTriedAgainNorSaid() {
    NotifyException failure =
        catchThrowableOfType(
            NotifyException.class, () -> notifier("wrong-word", Security.NONE).send(NOTICE));

    assertThat(failure.isPermanent()).isTrue();
    assertThat(failure)
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageContaining("refused user mill")
        .hasMessageNotContaining("wrong-word");
  }

  @Test
  void whatMayPassIsTriedAgain() throws Exception {
    server.answerToRecipient("450 mailbox is busy");
    assertThatThrownBy(() -> notifier("sesame", Security.NONE).send(NOTICE))
        .isInstanceOfSatisfying(
            NotifyException.class, failure -> assertThat(failure.isPermanent()).isFalse())
        .hasMessageContaining("did not take the mail");

    server.stop();
    assertThatThrownBy(() -> notifier("sesame", Security.NONE).send(NOTICE))
        .hasMessageContaining("cannot be reached");
  }

  @Test
  void aServerThatCannotEncryptGetsNoPassword() {
    assertThatThrownBy(() -> notifier("sesame", Security.STARTTLS).send(NOTICE))
        .isInstanceOf(NotifyException.class);
    assertThat(server.heard()).noneMatch(line -> line.startsWith("AUTH"));
  }

  @Test
  void addressesAreChecked() {
    SmtpConfig smtp = smtp("sesame", Security.NONE);
    assertThat(smtp.toString()).doesNotContain("sesame");
    assertThatThrownBy(() -> new EmailNotifier(smtp, List.of("nobody at all")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'nobody at all' is no mail address");
  }

  private EmailNotifier notifier(String password, Security security) {
    return new EmailNotifier(
        smtp(password, security), List.of("ana@example.org", "bo@example.org"));
  }

  private SmtpConfig smtp(String password, Security security) {
    return new SmtpConfig(
        "127.0.0.1", server.port(), security, "millrace@example.org", "mill", password);
  }
}
