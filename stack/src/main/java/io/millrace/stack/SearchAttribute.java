package io.millrace.stack;

import java.util.List;

/**
 * A search attribute registered with the Temporal server. SQL visibility holds 10 of type Keyword
 * and 3 of each other type.
 *
 * @param name as in queries
 * @param type of its values
 */
public record SearchAttribute(String name, Type type) {
  /** The types, named as the server names them. */
  public enum Type {
    TEXT("Text"),
    KEYWORD("Keyword"),
    INT("Int"),
    DOUBLE("Double"),
    BOOL("Bool"),
    DATETIME("Datetime"),
    KEYWORD_LIST("KeywordList");

    private final String id;

    Type(String id) {
      this.id = id;
    }

    /** The server's name for it. */
    public String id() {
      return id;
    }
  }

  /** What the engine and our pipelines put on their runs. */
  public static final List<SearchAttribute> STANDARD =
      List.of(
          new SearchAttribute("DagId", Type.KEYWORD),
          new SearchAttribute("LogicalDate", Type.DATETIME),
          new SearchAttribute("RunType", Type.KEYWORD),
          new SearchAttribute("RunState", Type.KEYWORD),
          new SearchAttribute("AwaitingInput", Type.BOOL),
          new SearchAttribute("Tags", Type.KEYWORD_LIST),
          new SearchAttribute("GitSha", Type.KEYWORD),
          new SearchAttribute("ModelName", Type.KEYWORD));
}
