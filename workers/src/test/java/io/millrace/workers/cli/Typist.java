package io.millrace.workers.cli;

import io.millrace.workers.cli.BashSession.Outcome;
import io.millrace.workers.cli.DocsBlocks.Block;
import io.millrace.workers.cli.PageCommands.PageCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Types the blocks of pages and keeps what went wrong. What comments before a block say:
 *
 * <ul>
 *   <li>{@code <!-- not run: REASON -->}: it is not typed;
 *   <li>{@code <!-- until: TEXT -->}: its command does not end by itself; it is ended once it says
 *       that;
 *   <li>{@code <!-- answer -->}: no command, but what the command above answers.
 * </ul>
 */
final class Typist {
  static final String NOT_RUN = "not run";
  static final String UNTIL = "until";
  static final String ANSWER = "answer";

  static final Set<String> MARKS = Set.of(NOT_RUN, UNTIL, ANSWER);

  private static final List<String> SHELLS = List.of("sh", "bash", "console");
  private static final Pattern ADDRESS =
      Pattern.compile("(?<=localhost:|127\\.0\\.0\\.1:|--port |_PORT=)[0-9]{4,5}\\b");

  private final Path folder;
  private final Map<String, String> environment;
  private final Map<Integer, Integer> ports;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> excluded = new TreeMap<>();
  private int blocks;
  private int commands;
  private int sessions;

  /** Types in this folder, with these variables, at ports of the test's own. */
  Typist(Path folder, Map<String, String> environment, Map<Integer, Integer> ports) {
    this.folder = folder;
    this.environment = environment;
    this.ports = ports;
  }

  /** What was otherwise than the pages say. */
  List<String> faults() {
    return faults;
  }

  /** How many blocks were typed, and how many were not, by reason. */
  String summary() {
    StringBuilder text =
        new StringBuilder("%d blocks with %d commands typed".formatted(blocks, commands));
    excluded.forEach((reason, count) -> text.append("\n  %d not: %s".formatted(count, reason)));
    return text.toString();
  }

  /** Types a page's blocks into one session. */
  void page(String page, List<Block> content) throws IOException, InterruptedException {
    for (Block block : content) {
      if (block.language().equals("python")) {
        Files.writeString(folder.resolve("example.py"), local(block.text()));
      }
    }
    try (BashSession bash = session()) {
      String last = "";
      for (Block block : content) {
        if (block.marks().containsKey(ANSWER)) {
          expect(block.at(), last, block.lines(), last);
        } else if (block.marks().containsKey(NOT_RUN)) {
          excluded.merge(block.marks().getOrDefault(NOT_RUN, ""), 1, Integer::sum);
        } else if (block.language().equals("sql")) {
          Files.writeString(folder.resolve("page.sql"), block.text());
          last =
              type(bash, block, new PageCommand(block.line(), "millrace sql @page.sql", List.of()));
          blocks++;
        } else if (SHELLS.contains(block.language())) {
          for (PageCommand command : PageCommands.of(block)) {
            last = type(bash, block, command);
          }
          blocks++;
        }
      }
    }
  }

  /** Types one command that no page has. */
  void command(String at, String text) throws IOException {
    try (BashSession bash = session()) {
      Outcome outcome = bash.type(text);
      if (outcome.status() != 0) {
        faults.add(fault(at, text, "exit status " + outcome.status(), outcome.text()));
      }
    }
  }

  private BashSession session() throws IOException {
    Path notes = Files.createDirectories(folder.resolve("typed").resolve("" + sessions++));
    return new BashSession(folder, notes, environment);
  }

  private String type(BashSession bash, Block block, PageCommand command) throws IOException {
    String at = block.page() + ":" + command.line();
    String text = local(command.text());
    String until = block.marks().get(UNTIL);
    long started = System.nanoTime();
    Outcome outcome = until == null ? bash.type(text) : bash.typeUntil(text, until);
    commands++;
    System.out.printf(
        "%5.1f s  %s  %s%n",
        (System.nanoTime() - started) / 1e9, at, text.lines().findFirst().orElse(""));
    if (outcome.status() != 0) {
      faults.add(fault(at, text, "exit status " + outcome.status(), outcome.text()));
    } else {
      expect(at + "  " + text, outcome.text(), command.answer(), outcome.out());
    }
    return outcome.out();
  }

  private void expect(String at, String all, List<String> promised, String answer) {
    String fault = Promise.fault(promised, answer);
    if (!fault.isEmpty()) {
      faults.add(fault(at, "", fault, all));
    }
  }

  private static String fault(String at, String command, String what, String output) {
    List<String> lines = output.lines().toList();
    return "%s  %s%n  %s%n    %s"
        .formatted(
            at,
            command,
            what,
            String.join("\n    ", lines.subList(Math.max(0, lines.size() - 12), lines.size())));
  }

  /** With the test's ports in place of the standard ones, and a demo of a test's size. */
  private String local(String text) {
    Matcher address =
        ADDRESS.matcher(text.replaceFirst("^scripts/demo\\b", "scripts/demo --events 8000"));
    return address.replaceAll(
        found -> {
          int port = Integer.parseInt(found.group());
          return Integer.toString(ports.getOrDefault(port, port));
        });
  }
}
