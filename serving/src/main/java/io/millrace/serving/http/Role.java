package io.millrace.serving.http;

import io.javalin.security.RouteRole;

/** Who may call a route; one that names none is for {@link #PREDICT}. */
public enum Role implements RouteRole {
  /** Everybody, without a key. */
  OPEN,
  /** Whoever may ask for predictions and features. */
  PREDICT,
  /** Whoever may change what serves. */
  OPERATE
}
