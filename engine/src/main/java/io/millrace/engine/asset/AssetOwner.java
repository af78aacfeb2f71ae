package io.millrace.engine.asset;

/**
 * Who declares consumers of assets: the rule is that of schedules. A declaration replaces and
 * removes only what the same owner has declared for the same project.
 *
 * @param owner for example {@code millrace}
 * @param project which of the owner's projects, by default the name of a task queue
 */
public record AssetOwner(String owner, String project) {

  /** The owner of what is declared without one. */
  public static final String DEFAULT = "millrace";

  @Override
  public String toString() {
    return "'%s' in the project '%s'".formatted(owner, project);
  }
}
