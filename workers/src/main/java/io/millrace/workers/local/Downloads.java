package io.millrace.workers.local;

import io.millrace.stack.Component;
import java.util.Map;

/** What a first start downloads, for people who wait for it. */
public final class Downloads {
  /** Megabytes as they are fetched; the other servers come with the build's libraries. */
  private static final Map<String, Integer> MEGABYTES =
      Map.of(
          Component.TEMPORAL.id(), 50,
          Component.S3.id(), 55,
          Component.MLFLOW.id(), 230);

  private Downloads() {}

  /**
   * What a component that is being installed does, in a few words.
   *
   * @param component its id, as listeners are told
   */
  public static String installing(String component) {
    Integer size = MEGABYTES.get(component);
    return size == null ? "installing" : "installing, the first time from " + size + " MB";
  }
}
