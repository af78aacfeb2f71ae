package io.millrace.engine.notify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The notifiers of a worker by name. DAGs name them; their addresses and passwords are the worker's
 * configuration.
 */
public final class Notifiers {

  /** None at all: what names one fails, what asks for the default is not sent. */
  public static final Notifiers NONE = new Notifiers(Map.of(), List.of());

  private static final String EVERYBODY = "*";

  private final Map<String, Notifier> byName;
  private final List<String> defaults;

  /**
   * Takes them.
   *
   * @param defaults the notifiers that are used when none is named
   * @throws IllegalArgumentException if a default is none of them
   */
  public Notifiers(Map<String, Notifier> byName, List<String> defaults) {
    this.byName = new LinkedHashMap<>(byName);
    this.defaults = List.copyOf(defaults);
    defaults.forEach(this::named);
  }

  /** One that stands for all names. */
  static Notifiers all(Notifier notifier) {
    return new Notifiers(Map.of(EVERYBODY, notifier), List.of(EVERYBODY));
  }

  /** The names that are meant: those given, or the defaults if none is. */
  public List<String> meant(Collection<String> names) {
    return names.isEmpty() ? defaults : List.copyOf(names);
  }

  /**
   * Tells one.
   *
   * @throws IllegalArgumentException if there is none of that name
   * @throws NotifyException if it was not delivered
   */
  public void send(String name, Notification notification) {
    named(name).send(notification);
  }

  /**
   * Those of some names as one; sends to all of them even if one fails.
   *
   * @param names none for the defaults
   */
  public Notifier together(Collection<String> names) {
    List<String> all = meant(names);
    all.forEach(this::named);
    return notification -> {
      List<NotifyException> failures = new ArrayList<>();
      for (String name : all) {
        try {
          send(name, notification);
        } catch (NotifyException e) {
          failures.add(e);
        }
      }
      if (!failures.isEmpty()) {
        throw failures.get(0);
      }
    };
  }

  private Notifier named(String name) {
    Notifier notifier = byName.getOrDefault(name, byName.get(EVERYBODY));
    if (notifier == null) {
      throw new IllegalArgumentException(
          "There is no notifier '%s'; notify.targets has %s".formatted(name, byName.keySet()));
    }
    return notifier;
  }
}
