package io.millrace.workers.local;

import io.millrace.stack.Listener;
import io.millrace.stack.Port;
import java.util.List;

/**
 * A request that changes something where it is let in.
 *
 * @param type of the body, as a form or a script of any page may send it
 */
record Change(String method, String path, String host, String type, String body) {
  private static final String MULTIPART = "multipart/form-data; boundary=b";

  /** Those that the server behind a listener understands, each as text and as a form. */
  static List<Change> of(int port, Listener listener) {
    String host = "127.0.0.1:" + port;
    Port which = listener.port();
    if (which == null) {
      return List.of();
    }
    return switch (which) {
      case TEMPORAL_HTTP -> workflow(host, "/api/v1/namespaces/default/workflows/doors");
      case TEMPORAL_UI -> workflow(host, "/api/v1/namespaces/default/workflows/doors");
      case S3 ->
          List.of(
              new Change("PUT", "/doors", host, "text/plain", ""),
              new Change("POST", "/mlflow", host, MULTIPART, form("key", "x", "")));
      case S3_MASTER -> List.of(new Change("GET", "/col/delete?collection=mlflow", host, "", ""));
      case S3_VOLUME ->
          List.of(
              new Change("POST", "/1,0123456789", host, MULTIPART, form("file", "x", "x")),
              new Change("DELETE", "/1,0123456789", host, "text/plain", ""));
      case S3_FILER ->
          List.of(
              new Change("POST", "/buckets/mlflow/x", host, MULTIPART, form("file", "x", "x")),
              new Change("DELETE", "/buckets/mlflow?recursive=true", host, "text/plain", ""));
      case MLFLOW ->
          List.of(
              new Change(
                  "POST",
                  "/api/2.0/mlflow/experiments/create",
                  host,
                  "text/plain",
                  "{\"name\":\"doors\"}"),
              new Change(
                  "POST",
                  "/api/2.0/mlflow/experiments/create",
                  host,
                  MULTIPART,
                  form("name", "doors", "")));
      case CONNECT ->
          List.of(
              new Change("POST", "/connectors", host, "text/plain", "{\"name\":\"doors\"}"),
              new Change("POST", "/connectors", host, MULTIPART, form("name", "doors", "")),
              new Change(
                  "PUT", "/admin/loggers/root", host, "application/json", "{\"level\":\"WARN\"}"));
      case FLINK ->
          List.of(
              new Change("POST", "/jars/upload", host, MULTIPART, form("jarfile", "x", "x.jar")),
              new Change("POST", "/jars/x.jar/run", host, "text/plain", "{}"),
              new Change("GET", "/jobs/00000000000000000000000000000000/yarn-cancel", host, "", ""),
              new Change("DELETE", "/cluster", host, "text/plain", ""));
      default -> List.of();
    };
  }

  private static List<Change> workflow(String host, String path) {
    String start = "{\"workflowType\":{\"name\":\"x\"},\"taskQueue\":{\"name\":\"x\"}}";
    return List.of(
        new Change("POST", path, host, "text/plain", start),
        new Change("POST", path, host, MULTIPART, form("x", start, "")),
        new Change("POST", path + "/terminate", host, "text/plain", "{}"));
  }

  Change withHost(String other) {
    return new Change(method, path, other, type, body);
  }

  private static String form(String name, String value, String file) {
    String named = file.isEmpty() ? "" : "; filename=\"" + file + "\"";
    return "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n--b--\r\n"
        .formatted(name, named, value);
  }
}
