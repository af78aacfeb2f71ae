package io.millrace.workers.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The fenced blocks and inline commands of the repository's Markdown pages. */
final class DocsBlocks {
  private static final Pattern FENCE = Pattern.compile("^\\s*```(\\w*)\\s*$");
  private static final Pattern INLINE =
      Pattern.compile("`(millrace [^`]+|scripts/millrace [^`]+)`");

  /** What a comment says of the block that it stands before. */
  private static final Pattern MARK = Pattern.compile("^\\s*<!-- ([a-z ]+?)(?:: (.+?))? -->\\s*$");

  private DocsBlocks() {}

  /**
   * A block.
   *
   * @param page from the repository's folder
   * @param line of its first line, counted from 1
   * @param language what stands behind the fence
   * @param marks what the comments before it say, by their first words: {@code <!-- not run: it
   *     needs Docker -->}
   */
  record Block(
      String page, int line, String language, List<String> lines, Map<String, String> marks) {
    String at() {
      return page + ":" + line;
    }

    String text() {
      return String.join("\n", lines) + "\n";
    }

    Block with(List<String> others) {
      return new Block(page, line, language, others, marks);
    }
  }

  /**
   * A command of a shell.
   *
   * @param text one line, without prompt
   * @param isTyped whether it stands in a block to type from, and not in a sentence
   */
  record ShellCommand(String at, String text, boolean isTyped) {}

  /** The repository's folder. */
  static Path home() {
    return Path.of("").toAbsolutePath().getParent();
  }

  /** Every page that people read: README, docs, and those of deploy and the like. */
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "docs", "deploy", "engine", "stack/locks")) {
      int depth = folder.isEmpty() || folder.equals("engine") ? 1 : 9;
      try (Stream<Path> files = Files.walk(home().resolve(folder), depth)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  /** All fenced blocks of all pages. */
  static List<Block> all() throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (Path page : pages()) {
      blocks.addAll(in(home().relativize(page).toString(), Files.readAllLines(page)));
    }
    return blocks;
  }

  /** The fenced blocks of a page. */
  static List<Block> in(String page, List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    Map<String, String> marks = new LinkedHashMap<>();
    int start = -1;
    String language = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher fence = FENCE.matcher(line);
      Matcher mark = MARK.matcher(line);
      if (fence.matches() && start < 0) {
        start = i + 1;
        language = fence.group(1);
      } else if (fence.matches()) {
        blocks.add(
            new Block(page, start + 1, language, lines.subList(start, i), Map.copyOf(marks)));
        start = -1;
        marks.clear();
      } else if (start < 0 && mark.matches()) {
        marks.put(mark.group(1), mark.group(2) == null ? "" : mark.group(2));
      } else if (start < 0 && !line.isBlank()) {
        marks.clear();
      }
    }
    return blocks;
  }

  /** Blocks that a shell is to be given; of a console block only what follows a prompt. */
  static List<Block> shell() throws IOException {
    return all().stream()
        .filter(block -> List.of("sh", "bash", "console").contains(block.language()))
        .map(DocsBlocks::typed)
        .toList();
  }

  private static Block typed(Block block) {
    if (!block.language().equals("console")) {
      return block;
    }
    List<String> typed = new ArrayList<>();
    boolean goesOn = false;
    for (String line : block.lines()) {
      boolean prompt = line.startsWith("$ ");
      typed.add(prompt ? line.substring(2) : goesOn ? line : "");
      goesOn = (prompt || goesOn) && line.endsWith("\\");
    }
    return block.with(typed);
  }

  /** Every call of {@code millrace} in a shell block or in the text. */
  static List<ShellCommand> millrace() throws IOException {
    List<ShellCommand> commands = new ArrayList<>();
    for (Block block : shell()) {
      for (String line : block.text().replace("\\\n", " ").split("\n")) {
        for (String part : line.split("\\$\\((?!\\()|<\\(|\\||&&|;(?=\\s)")) {
          add(commands, block.at(), part.replaceFirst("\\)\"\\s*(#.*)?$", ""), true);
        }
      }
    }
    for (Path page : pages()) {
      Matcher inline = INLINE.matcher(Files.readString(page).replaceAll("(?s)```.*?```", ""));
      while (inline.find()) {
        add(commands, home().relativize(page).toString(), inline.group(1).split("\\|")[0], false);
      }
    }
    return commands;
  }

  private static void add(List<ShellCommand> commands, String at, String part, boolean isTyped) {
    Matcher call =
        Pattern.compile("^\\s*(?:[A-Z_]+=\\S+ )*(?:(?:\\./)?scripts/)?millrace( .*)?$")
            .matcher(part);
    if (call.matches()) {
      commands.add(
          new ShellCommand(at, call.group(1) == null ? "" : call.group(1).strip(), isTyped));
    }
  }

  /** The first word of each command of a block, without those of functions and control flow. */
  static List<String> programs(Block block) {
    List<String> programs = new ArrayList<>();
    String text = block.text().replace("\\\n", " ").replaceAll("'[^']*'", "''");
    text = text.replaceAll("(?s)<<\\s*\\W?(\\w+)\\W?\\n.*?\\n\\1\\n", "\n");
    for (String line : text.split("\n")) {
      String code = line.replaceAll("(^|\\s)#.*", "");
      for (String part : code.split("\\$\\(|<\\(|\\|\\|?|&&|;|(?<![>&])&(?!>)")) {
        Matcher first =
            Pattern.compile(
                    "^\\s*(?:(?:do|then|sudo|exec|if|while|time|nohup)"
                        + " )*(?:[A-Za-z_]+=(?:\"[^\"]*\"|\\S*) +)*([\\w./~-]+)(?=\\s|$)")
                .matcher(part);
        if (first.find()) {
          programs.add(first.group(1));
        }
      }
    }
    return programs;
  }

  /** Splits words as a shell does, ends at a comment or a redirection. */
  static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher word =
        Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"(?:[^\"\\\\]|\\\\.)*\")+").matcher(command);
    while (word.find()) {
      String text = word.group();
      if (text.startsWith("#") || text.matches("[0-9]?>.*|<.*|&")) {
        break;
      }
      words.add(text.replaceAll("'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"", "$1$2"));
    }
    return words;
  }
}
