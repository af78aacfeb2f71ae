package io.millrace.activities.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Artifacts that MLflow's server hands through ({@code mlflow-artifacts:}). */
final class ProxiedArtifacts implements ArtifactFolder {
  private static final String LIST = "/api/2.0/mlflow-artifacts/artifacts";

  private final MlflowHttp http;
  private final String uri;
  private final String path;

  /**
   * Reads nothing yet.
   *
   * @param path the folder's path on the server, as the URI has it
   */
  ProxiedArtifacts(MlflowHttp http, String uri, String path) {
    this.http = http;
    this.uri = uri;
    this.path = path.replaceFirst("^/+", "").replaceFirst("/+$", "");
  }

  @Override
  public String uri() {
    return uri;
  }

  @Override
  public Map<String, Long> files(String folder) {
    String full = folder.isEmpty() ? path : path + "/" + folder;
    String query = LIST + "?path=" + URLEncoder.encode(decoded(full), StandardCharsets.UTF_8);
    Map<String, Long> files = new TreeMap<>();
    http.getAbsolute(query, "list artifacts")
        .ifPresent(answer -> answer.path("files").forEach(file -> add(files, file)));
    return files;
  }

  private static void add(Map<String, Long> files, JsonNode file) {
    if (!file.path("is_dir").asBoolean()) {
      String path = file.path("path").asText();
      files.put(path.substring(path.lastIndexOf('/') + 1), file.path("file_size").asLong(-1));
    }
  }

  @Override
  public Optional<byte[]> read(String file) {
    return http.read(LIST + "/" + encoded(path + "/" + file), "read artifact " + file);
  }

  /** Writes or replaces a file. */
  void write(String file, byte[] bytes) {
    http.write(LIST + "/" + encoded(path + "/" + file), bytes, "write artifact " + file);
  }

  /**
   * The path as a URL has it: escapes that it brings stay, and what a URL cannot have is escaped,
   * as MLflow's own client does.
   */
  static String encoded(String path) {
    StringBuilder text = new StringBuilder();
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at++) {
      int letter = bytes[at] & 0xff;
      boolean plain =
          (letter < 0x80 && Character.isLetterOrDigit(letter))
              || "/-._~!$&'()*+,;=:@".indexOf(letter) >= 0
              || (letter == '%' && isEscape(bytes, at));
      text.append(plain ? Character.toString(letter) : "%%%02X".formatted(letter));
    }
    return text.toString();
  }

  private static String decoded(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '%' && isEscape(bytes, at)) {
        plain.write(digit(bytes[at + 1]) * 16 + digit(bytes[at + 2]));
        at += 2;
      } else {
        plain.write(bytes[at]);
      }
    }
    return plain.toString(StandardCharsets.UTF_8);
  }

  private static boolean isEscape(byte[] bytes, int at) {
    return at + 2 < bytes.length && digit(bytes[at + 1]) >= 0 && digit(bytes[at + 2]) >= 0;
  }

  private static int digit(byte letter) {
    return Character.digit(letter, 16);
  }
}
