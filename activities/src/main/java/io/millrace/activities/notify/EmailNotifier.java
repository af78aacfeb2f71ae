package io.millrace.activities.notify;

import io.millrace.engine.notify.Notification;
import io.millrace.engine.notify.Notifier;
import io.millrace.engine.notify.NotifyException;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Properties;

/** Sends a notification as a plain-text mail, over a connection of its own. */
public final class EmailNotifier implements Notifier {

  private static final String TIMEOUT = Long.toString(Duration.ofSeconds(10).toMillis());

  private final SmtpConfig smtp;
  private final InternetAddress[] to;
  private final Session session;

  /**
   * Checks the addresses; does not connect yet.
   *
   * @throws IllegalArgumentException if one is no mail address
   */
  public EmailNotifier(SmtpConfig smtp, List<String> to) {
    this.smtp = smtp;
    this.to = to.stream().map(EmailNotifier::address).toArray(InternetAddress[]::new);
    this.session = Session.getInstance(properties(smtp));
  }

  @Override
  public void send(Notification notification) {
    try (Transport transport = session.getTransport()) {
      MimeMessage mail = mail(notification);
      transport.connect(smtp.host(), smtp.port(), smtp.user(), smtp.password());
      transport.sendMessage(mail, to);
    } catch (AuthenticationFailedException e) {
      throw NotifyException.permanent(
          "%s refused user %s: is notify.smtp-password right?".formatted(server(), smtp.user()));
    } catch (SendFailedException e) {
      throw NotifyException.passing(
          "%s did not take the mail: %s".formatted(server(), oneLine(e)), e);
    } catch (MessagingException e) {
      throw NotifyException.passing(
          "%s cannot be reached: %s. Are notify.smtp-host, -port and -security right?"
              .formatted(server(), oneLine(e)),
          e);
    }
  }

  private MimeMessage mail(Notification notification) throws MessagingException {
    MimeMessage mail = new MimeMessage(session);
    mail.setFrom(address(smtp.from()));
    mail.setRecipients(Message.RecipientType.TO, to);
    mail.setSubject(
        "[millrace] " + notification.title().replaceAll("\\s+", " "),
        StandardCharsets.UTF_8.name());
    mail.setSentDate(Date.from(notification.at()));
    mail.setText(notification.body(), StandardCharsets.UTF_8.name());
    mail.saveChanges();
    return mail;
  }

  private static Properties properties(SmtpConfig smtp) {
    String protocol = smtp.security() == SmtpConfig.Security.TLS ? "smtps" : "smtp";
    String prefix = "mail." + protocol + ".";
    Properties properties = new Properties();
    properties.setProperty("mail.transport.protocol", protocol);
    properties.setProperty(prefix + "connectiontimeout", TIMEOUT);
    properties.setProperty(prefix + "timeout", TIMEOUT);
    properties.setProperty(prefix + "writetimeout", TIMEOUT);
    properties.setProperty(prefix + "auth", Boolean.toString(smtp.user() != null));
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    if (smtp.security() == SmtpConfig.Security.STARTTLS) {
      properties.setProperty(prefix + "starttls.enable", "true");
      properties.setProperty(prefix + "starttls.required", "true");
    }
    return properties;
  }

  private static InternetAddress address(String text) {
    try {
      return new InternetAddress(text, true);
    } catch (AddressException e) {
      throw new IllegalArgumentException(
          "'%s' is no mail address: %s".formatted(text, e.getMessage()), e);
    }
  }

  private String server() {
    return "mail server %s:%d".formatted(smtp.host(), smtp.port());
  }

  private static String oneLine(Exception e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ");
  }
}
