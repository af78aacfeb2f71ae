package io.millrace.serving.http;

import java.util.List;

/** An answer that is not a result, as RFC 9457 (problem+json) shapes it. */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final transient List<FieldError> errors;

  /**
   * A value that is not as it must be.
   *
   * @param path its place, for example {@code instances[3].price}
   * @param message what is wrong with it
   */
  public record FieldError(String path, String message) {
    private static final int MAX = 200;

    /** Cuts a path that a client made up, and that would come back to it as long as it was. */
    public FieldError {
      path = path.length() <= MAX ? path : path.substring(0, MAX) + "…";
    }
  }

  public Problem(int status, String title, String detail) {
    this(status, title, detail, List.of());
  }

  private Problem(int status, String title, String detail, List<FieldError> errors) {
    // Part of an answer, not of a search for a fault: no stack, which would cost more than the
    // rest.
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
    this.errors = List.copyOf(errors);
  }

  /** 400: the body is no JSON. */
  public static Problem badJson(String detail) {
    return new Problem(400, "Bad JSON", detail);
  }

  /** 404: no such model, path or entity. */
  public static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail);
  }

  /** 413: more items than one request may have. */
  public static Problem tooMany(String what, int limit) {
    return new Problem(
        413,
        "Too large",
        "%s has more than %d items, the most that one request may have: send several"
            .formatted(what, limit));
  }

  /** 422: the JSON is well-formed, but a value in it is not as it must be. */
  public static Problem invalid(String path, String message) {
    return invalid(List.of(new FieldError(path, message)));
  }

  /** 422 with several values. */
  public static Problem invalid(List<FieldError> errors) {
    FieldError first = errors.get(0);
    return new Problem(422, "Invalid input", first.path() + ": " + first.message(), errors);
  }

  /** 503: something that is needed does not answer. */
  public static Problem unavailable(String detail) {
    return new Problem(503, "Unavailable", detail);
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** What the answer says. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  public List<FieldError> errors() {
    return errors;
  }
}
