package io.millrace.workers.worker;

import io.millrace.activities.notify.EmailNotifier;
import io.millrace.engine.notify.Notifier;
import io.millrace.engine.notify.Notifiers;
import io.millrace.engine.notify.SlackNotifier;
import io.millrace.engine.notify.WebhookNotifier;
import io.millrace.workers.config.ConfigException;
import io.millrace.workers.config.NotifyConfig;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Makes the notifiers that the settings name. */
public final class ConfiguredNotifiers {

  private ConfiguredNotifiers() {}

  /**
   * Makes them; connects to nobody yet.
   *
   * @throws ConfigException if a mail address is none
   */
  public static Notifiers of(NotifyConfig config) {
    Map<String, Notifier> byName = new LinkedHashMap<>();
    config.targets().forEach((name, target) -> byName.put(name, notifier(config, name, target)));
    return new Notifiers(byName, config.defaults());
  }

  private static Notifier notifier(NotifyConfig config, String name, NotifyConfig.Target target) {
    String address = target.address().value();
    try {
      return switch (target.kind()) {
        case WEBHOOK -> new WebhookNotifier(URI.create(address));
        case SLACK -> new SlackNotifier(URI.create(address));
        case EMAIL ->
            new EmailNotifier(
                Objects.requireNonNull(config.smtp()),
                Arrays.stream(address.split(";")).map(String::strip).toList());
      };
    } catch (IllegalArgumentException e) {
      throw new ConfigException("notify.targets: '%s': %s".formatted(name, e.getMessage()));
    }
  }
}
