package io.millrace.engine.asset;

/**
 * Something that tasks make and DAGs wait for, as Airflow's {@code Asset}: a table, a prefix, a
 * model.
 *
 * @param name what producers and consumers call it, for example {@code warehouse/gold_events}
 */
public record Asset(String name) {

  /** The most characters of an asset's or a partition's name. */
  public static final int MAX_NAME = 500;

  public Asset {
    if (name.isBlank()) {
      throw new IllegalArgumentException("An asset needs a name");
    }
    requireLength("The name of an asset", name);
  }

  static void requireLength(String what, String name) {
    if (name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "%s must have at most %d characters, not %d; it begins with '%s'"
              .formatted(what, MAX_NAME, name.length(), name.substring(0, 50)));
    }
  }
}
