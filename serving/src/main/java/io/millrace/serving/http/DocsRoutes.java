package io.millrace.serving.http;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The description of the paths at {@code /openapi.json}, and Swagger UI to read and try them at
 * {@code /docs}. All of it comes from this server, and is true of it: keys, and what is answered
 * without one, are described if and only if the server asks for keys.
 */
public final class DocsRoutes implements Routes {
  private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/5.21.0/";
  private static final Map<String, String> TYPES =
      Map.of(
          "swagger-ui.css", "text/css; charset=utf-8",
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
          "favicon-32x32.png", "image/png");

  /** An inline script would need the page to allow any. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

  private final byte[] openApi;
  private final byte[] page = resource("docs.html");
  private final byte[] script = resource("docs.js");

  /**
   * Describes a server.
   *
   * @param access who may send requests to it
   */
  public DocsRoutes(AccessOptions access) {
    byte[] guarded = resource("openapi.json");
    this.openApi = access.keys() == null ? OpenDocument.of(guarded) : guarded;
  }

  @Override
  public void addTo(Javalin app) {
    app.get(
        "/openapi.json",
        context -> context.contentType("application/json").result(openApi),
        Role.OPEN);
    app.get("/docs", this::page, Role.OPEN);
    app.get("/docs/{file}", this::file, Role.OPEN);
  }

  private void page(Context context) {
    context.header("Content-Security-Policy", POLICY);
    context.contentType("text/html; charset=utf-8").result(page);
  }

  private void file(Context context) {
    String name = context.pathParam("file");
    if (name.equals("docs.js")) {
      context.contentType("text/javascript; charset=utf-8").result(script);
      return;
    }
    @Nullable String type = TYPES.get(name);
    if (type == null) {
      throw Problem.notFound("There is no " + context.path());
    }
    context.header("Cache-Control", "max-age=86400");
    context.contentType(type).result(resource(WEBJAR + name));
  }

  private static byte[] resource(String name) {
    try (InputStream in = DocsRoutes.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("This build has no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Resource " + name + " cannot be read", e);
    }
  }
}
