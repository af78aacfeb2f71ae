package io.millrace.workers.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Calls commands as a shell would, and keeps what the last one printed. */
final class Terminal {
  private final Path folder;
  private final Map<String, String> environment;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /** Opens one in a folder, which is also the home. */
  Terminal(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = Map.copyOf(environment);
  }

  /** The same with one more variable. */
  Terminal with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Terminal(folder, more);
  }

  /** Returns the exit code. */
  int millrace(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            false,
            80,
            environment,
            folder,
            folder);
    return Millrace.commandLine(console).execute(arguments);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** The output as JSON. */
  JsonNode json() {
    try {
      return new ObjectMapper().readTree(out());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + out(), e);
    }
  }
}
