package io.millrace.workers.cli;

import io.millrace.workers.cli.DocsBlocks.Block;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The commands of a block, as somebody types them one after the other. */
final class PageCommands {

  private PageCommands() {}

  /**
   * A command.
   *
   * @param line of the page, counted from 1
   * @param text one line or several, without prompt
   * @param answer what the page shows below it; empty if it shows nothing
   */
  record PageCommand(int line, String text, List<String> answer) {}

  /** Splits a block of a shell's language; in a console block a prompt begins each command. */
  static List<PageCommand> of(Block block) throws IOException, InterruptedException {
    boolean prompts = block.language().equals("console");
    List<PageCommand> commands = new ArrayList<>();
    List<String> lines = block.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (prompts && !line.startsWith("$ ")) {
        if (!commands.isEmpty() && !line.isBlank()) {
          commands.get(commands.size() - 1).answer().add(line);
        }
      } else if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        int first = i;
        StringBuilder text = new StringBuilder(prompts ? line.substring(2) : line);
        while (i + 1 < lines.size() && goesOn(text.toString())) {
          i++;
          text.append('\n').append(lines.get(i));
        }
        commands.add(new PageCommand(block.line() + first, text.toString(), new ArrayList<>()));
      }
    }
    return commands;
  }

  /** Whether bash would ask for another line. */
  private static boolean goesOn(String text) throws IOException, InterruptedException {
    if (text.endsWith("\\")) {
      return true;
    }
    Process bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    bash.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
    bash.getOutputStream().close();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return bash.waitFor() != 0 && said.contains("unexpected");
  }
}
