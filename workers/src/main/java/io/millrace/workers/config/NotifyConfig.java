package io.millrace.workers.config;

import io.millrace.activities.notify.SmtpConfig;
import io.millrace.core.alerts.Severity;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who can be told of runs, and how. DAGs name them; the addresses are here alone.
 *
 * @param targets by name
 * @param defaults names of those who are told when a DAG names nobody, and of lost runs
 * @param smtp the mail server, or null if no target needs one
 * @param streamAlerts severity from which the streams' alerts are told to the defaults, or null for
 *     none
 */
public record NotifyConfig(
    Map<String, Target> targets,
    List<String> defaults,
    @Nullable SmtpConfig smtp,
    @Nullable Severity streamAlerts) {
  private static final String TARGETS = "notify.targets";
  private static final String DEFAULT = "notify.default";
  private static final String SMTP_HOST = "notify.smtp-host";
  private static final String SMTP_PORT = "notify.smtp-port";
  private static final String SMTP_SECURITY = "notify.smtp-security";
  private static final String SMTP_FROM = "notify.smtp-from";
  private static final String SMTP_USER = "notify.smtp-user";
  private static final String SMTP_PASSWORD = "notify.smtp-password";
  private static final String STREAM_ALERTS = "notify.stream-alerts";
  private static final String FORM =
      "NAME=webhook:URL, NAME=slack:URL or NAME=email:ADDRESS;ADDRESS, separated by commas";
  private static final Pattern TARGET =
      Pattern.compile("([a-z0-9_-]{1,50})=(webhook|slack|email):(.+)");

  static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.secret(TARGETS, FORM),
          ConfigKey.required(DEFAULT, "names of those told when a DAG names nobody"),
          ConfigKey.required(SMTP_HOST, "mail server, for targets that are e-mail"),
          ConfigKey.optional(SMTP_PORT, "587", "its port"),
          ConfigKey.optional(SMTP_SECURITY, "starttls", "starttls, tls or none"),
          ConfigKey.required(SMTP_FROM, "the sender's mail address"),
          ConfigKey.required(SMTP_USER, "who logs in there; not set: nobody"),
          ConfigKey.secret(SMTP_PASSWORD, "that user's password"),
          ConfigKey.optional(
              STREAM_ALERTS, "high", "the streams' alerts told of: low, medium, high or none"));

  /** How a target is told. */
  public enum Kind {
    WEBHOOK,
    SLACK,
    EMAIL
  }

  /**
   * One that can be told.
   *
   * @param kind how
   * @param address a URL, which often holds a token, or mail addresses with semicolons between
   */
  public record Target(Kind kind, Secret address) {}

  public NotifyConfig {
    for (String name : defaults) {
      Checks.that(
          targets.containsKey(name), DEFAULT, name, "of " + TARGETS + ", " + targets.keySet());
    }
  }

  public static NotifyConfig from(Settings settings) {
    Map<String, Target> targets = targets(settings.find(TARGETS).orElse(""));
    boolean mails = targets.values().stream().anyMatch(target -> target.kind() == Kind.EMAIL);
    return new NotifyConfig(
        targets,
        words(settings.find(DEFAULT).orElse("")),
        mails ? smtp(settings) : null,
        severity(settings));
  }

  private static Map<String, Target> targets(String text) {
    Map<String, Target> targets = new LinkedHashMap<>();
    for (String word : words(text)) {
      Matcher target = TARGET.matcher(word);
      if (!target.matches()) { // the rest of it may be secret
        throw new ConfigException(
            "%s: '%s' must be %s".formatted(TARGETS, word.replaceFirst("=.*", "=…"), FORM));
      }
      Kind kind = Kind.valueOf(target.group(2).toUpperCase(Locale.ROOT));
      if (kind != Kind.EMAIL) {
        checkUrl(target.group(1), target.group(3));
      }
      targets.put(target.group(1), new Target(kind, new Secret(target.group(3))));
    }
    return targets;
  }

  private static void checkUrl(String name, String url) {
    try {
      Checks.httpUrl(TARGETS, new URI(url));
    } catch (URISyntaxException | ConfigException e) {
      throw new ConfigException(
          TARGETS + ": the address of '" + name + "' must be like https://host/path");
    }
  }

  private static @Nullable Severity severity(Settings settings) {
    String word = settings.text(STREAM_ALERTS);
    Checks.that(
        List.of("none", "low", "medium", "high").contains(word),
        STREAM_ALERTS,
        word,
        "low, medium, high or none");
    return word.equals("none") ? null : Severity.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static SmtpConfig smtp(Settings settings) {
    int port = settings.integer(SMTP_PORT);
    Checks.between(SMTP_PORT, port, 1, 65_535);
    String security = settings.text(SMTP_SECURITY);
    Checks.that(
        List.of("none", "starttls", "tls").contains(security),
        SMTP_SECURITY,
        security,
        "starttls, tls or none");
    String user = settings.find(SMTP_USER).orElse(null);
    return new SmtpConfig(
        settings.text(SMTP_HOST),
        port,
        SmtpConfig.Security.valueOf(security.toUpperCase(Locale.ROOT)),
        settings.text(SMTP_FROM),
        user,
        user == null ? null : settings.secret(SMTP_PASSWORD).value());
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
