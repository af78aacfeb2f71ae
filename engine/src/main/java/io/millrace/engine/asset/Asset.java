package io.millrace.engine.asset;

/**
 * Something that tasks make and DAGs wait for, as Airflow's {@code Asset}: a table, a prefix, a
 * model.
 *
 * @param name what producers and consumers call it, for example {@code warehouse/gold_events}
 */
public record Asset(String name) {

  public Asset {
    if (name.isBlank()) {
      throw new IllegalArgumentException("An asset needs a name");
    }
  }
}
