package io.millrace.serving.http;

import io.javalin.Javalin;

/** Some of the server's paths. */
@FunctionalInterface
public interface Routes {
  /** Adds them. Called once, before the server starts. */
  void addTo(Javalin app);
}
