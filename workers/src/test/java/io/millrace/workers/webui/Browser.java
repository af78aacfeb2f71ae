package io.millrace.workers.webui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.testing.Waiting;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One page of a headless Chromium, driven over its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/.*");

  private final ObjectMapper json = new ObjectMapper();
  private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Waiting.LIMIT).build();
  private final Process process;
  private final WebSocket socket;

  private Browser(Path program, Path profile, int width, int height) {
    try {
      process =
          new ProcessBuilder(
                  program.toString(),
                  "--headless=new",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--disable-background-networking",
                  "--no-first-run",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "--window-size=%d,%d".formatted(width, height),
                  "about:blank")
              .redirectErrorStream(true)
              .start();
      socket =
          Waiting.result(
              http.newWebSocketBuilder()
                  .connectTimeout(Waiting.LIMIT)
                  .buildAsync(page(address()), new Replies()));
    } catch (Exception e) {
      throw new IllegalStateException("Cannot start " + program, e);
    }
    command(
        "Emulation.setDeviceMetricsOverride",
        "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":false}"
            .formatted(width, height));
    command("Emulation.setTimezoneOverride", "{\"timezoneId\":\"UTC\"}");
  }

  /** Starts a browser with an empty profile in a folder of the caller's. */
  static Browser start(Path program, Path profile, int width, int height) {
    return new Browser(program, profile, width, height);
  }

  /** Chromium's program, if there is one on the PATH. */
  static Optional<Path> installed() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name -> Arrays.stream(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  void go(String address) {
    command("Page.navigate", json.createObjectNode().put("url", address).toString());
  }

  /** What a script says; "" for nothing. */
  String ask(String script) {
    ObjectNode request =
        json.createObjectNode().put("expression", script).put("returnByValue", true);
    JsonNode answer = command("Runtime.evaluate", request.toString());
    return answer.path("exceptionDetails").isMissingNode()
        ? answer.path("result").path("value").asText("")
        : "";
  }

  /** Clicks in the middle of an element, as a mouse does. False if it is not there to be seen. */
  boolean click(String selector, String text) {
    String place =
        ask(
            """
            (() => {
              const found = [...document.querySelectorAll(%s)].find(
                  e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.textContent.includes(%s));
              if (!found) return '';
              found.scrollIntoView({block: 'center'});
              const box = found.getBoundingClientRect();
              return (box.x + box.width / 2) + ' ' + (box.y + box.height / 2);
            })()\
            """
                .formatted(quoted(selector), quoted(text)));
    if (place.isEmpty()) {
      return false;
    }
    String[] at = place.split(" ");
    for (String type : new String[] {"mouseMoved", "mousePressed", "mouseReleased"}) {
      command(
          "Input.dispatchMouseEvent",
          "{\"type\":\"%s\",\"x\":%s,\"y\":%s,\"button\":\"%s\",\"clickCount\":1}"
              .formatted(type, at[0], at[1], type.equals("mouseMoved") ? "none" : "left"));
    }
    return true;
  }

  /** Presses a button, wherever it is, as a keyboard does. False if it is not there to be seen. */
  boolean press(String selector, String text) {
    return ask("""
    (() => {
      const found = [...document.querySelectorAll(%s)].find(
          e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.textContent.includes(%s));
      if (found) found.click();
      return !!found;
    })()\
    """
            .formatted(quoted(selector), quoted(text)))
        .equals("true");
  }

  /** Types into what has the focus. */
  void type(String text) {
    command("Input.insertText", json.createObjectNode().put("text", text).toString());
  }

  void screenshot(Path file) {
    JsonNode picture = command("Page.captureScreenshot", "{\"format\":\"png\"}");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String quoted(String text) {
    return json.getNodeFactory().textNode(text).toString();
  }

  private JsonNode command(String method, String params) {
    int id = last.incrementAndGet();
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    open.put(id, reply);
    try {
      WebSocket unused =
          Waiting.result(
              socket.sendText(
                  "{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, params),
                  true));
      JsonNode message = Waiting.result(reply);
      if (message.has("error")) {
        throw new IllegalStateException(method + ": " + message.get("error"));
      }
      return message.path("result");
    } catch (IllegalStateException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("The browser does not answer to " + method, e);
    }
  }

  private String address() throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.matches()) {
        drain(output);
        return listening.group(1);
      }
    }
    throw new IOException("it ended at once, with " + process.exitValue());
  }

  private static void drain(BufferedReader output) {
    Thread reader = new Thread(() -> output.lines().forEach(line -> {}), "chromium-output");
    reader.setDaemon(true);
    reader.start();
  }

  private URI page(String address) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/json/new?about:blank"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .timeout(Waiting.LIMIT)
            .build();
    String page = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return URI.create(json.readTree(page).path("webSocketDebuggerUrl").asText());
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  private final class Replies implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
      text.append(data);
      if (isLast) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void take(String message) {
      try {
        JsonNode reply = json.readTree(message);
        CompletableFuture<JsonNode> waiting = open.remove(reply.path("id").asInt());
        if (waiting != null) {
          waiting.complete(reply);
        }
      } catch (IOException e) {
        open.values().forEach(waiting -> waiting.completeExceptionally(e));
      }
    }
  }
}
