package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workers.cli.DocsBlocks.Block;
import io.millrace.workers.cli.DocsBlocks.ShellCommand;
import io.millrace.workers.cli.PageCommands.PageCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * The rule: what a page of the documentation tells people to type is a command that exists, with
 * the options that it has, on programs that they have.
 */
class DocsTest {
  /**
   * Programs that a page may tell people to type: those of any machine, those that the page says
   * how to get, and ours. The Temporal CLI and the warehouse's shell are not on a PATH: `millrace
   * temporal` and `millrace sql` are.
   */
  private static final Set<String> PROGRAMS =
      Set.of(
          "apt-get",
          "bash",
          "cat",
          "cd",
          "cp",
          "curl",
          "cut",
          "docker",
          "done",
          "echo",
          "export",
          "for",
          "git",
          "grep",
          "head",
          "helm",
          "kubectl",
          "millrace",
          "mvn",
          "openssl",
          "printf",
          "python3",
          "sha256sum",
          "source",
          "tail",
          "tr",
          "uv");

  @TempDir private Path folder;

  @Test
  void everyCallOfMillraceIsOneThatItTakes() throws IOException {
    List<String> faults = new ArrayList<>();
    List<ShellCommand> commands = DocsBlocks.millrace();
    assertThat(commands).hasSizeGreaterThan(120);
    for (ShellCommand command : commands) {
      if (command.text().contains("…")) {
        continue; // a form, and not a command
      }
      try {
        commandLine().parseArgs(words(command).toArray(String[]::new));
      } catch (MissingParameterException e) {
        // The text names a command; a block to type from has all that the command needs.
        if (command.isTyped()) {
          faults.add(command.at() + ": millrace " + command.text() + ": " + e.getMessage());
        }
      } catch (ParameterException e) {
        faults.add(command.at() + ": millrace " + command.text() + ": " + e.getMessage());
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyShellBlockIsOneThatBashReads() throws Exception {
    List<String> faults = new ArrayList<>();
    for (Block block : DocsBlocks.shell()) {
      Path script = Files.writeString(folder.resolve("block.sh"), block.text());
      Process bash =
          new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();
      String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (bash.waitFor() != 0) {
        faults.add(block.at() + ": " + said);
      }
    }
    assertThat(faults).isEmpty();
  }

  /** A mark that is far from its block, or misspelt, would silently mean nothing. */
  @Test
  void everyMarkStandsBeforeItsBlockAndABlockThatIsNotRunSaysWhy() throws IOException {
    int written = 0;
    for (Path page : DocsBlocks.pages()) {
      for (String line : Files.readAllLines(page)) {
        written += line.startsWith("<!--") ? 1 : 0;
      }
    }
    int read = 0;
    List<String> faults = new ArrayList<>();
    for (Block block : DocsBlocks.all()) {
      read += block.marks().size();
      if (!Typist.MARKS.containsAll(block.marks().keySet())
          || block.marks().getOrDefault(Typist.NOT_RUN, "a reason").isBlank()) {
        faults.add(block.at() + ": " + block.marks());
      }
    }
    assertThat(faults).isEmpty();
    assertThat(read).isEqualTo(written).isPositive();
  }

  @Test
  void aConsoleBlockIsSplitIntoCommandsAndTheirAnswers() throws Exception {
    Block block =
        DocsBlocks.in(
                "page.md",
                List.of(
                    "<!-- not run: why -->",
                    "```console",
                    "$ a '1",
                    "2' \\",
                    "b",
                    "x  y",
                    "$ c",
                    "```"))
            .get(0);

    assertThat(block.marks()).containsEntry(Typist.NOT_RUN, "why");
    assertThat(PageCommands.of(block))
        .containsExactly(
            new PageCommand(3, "a '1\n2' \\\nb", List.of("x  y")),
            new PageCommand(7, "c", List.of()));
  }

  @Test
  void anAnswerHasTheFormThatThePageShows() {
    List<String> json = List.of("{\"predictions\":[0.41],\"version\":\"7\"}");

    assertThat(Promise.fault(json, "{\"predictions\":[0.2,0.3],\"version\":\"1\"}")).isEmpty();
    assertThat(Promise.fault(json, "{\"predictions\":[null],\"version\":\"1\"}"))
        .contains(".predictions[0] is null");
    assertThat(Promise.fault(json, "{\"predictions\":[0.2]}")).contains(".version is missing");
    assertThat(Promise.fault(json, "no")).contains("the answer is none");
    List<String> table = List.of("asset   events", "prices  1");
    assertThat(Promise.fault(table, "asset       events\nan-other  12\n")).isEmpty();
    assertThat(Promise.fault(table, "no asset\n")).contains("asset   events");
  }

  @Test
  void everyProgramIsOneThatPeopleHave() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Block block : DocsBlocks.shell()) {
      for (String program : DocsBlocks.programs(block)) {
        if (!PROGRAMS.contains(program) && !program.contains("/")) {
          faults.add(block.at() + ": " + program);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void jsonSqlAndJavaBlocksAreWellFormed() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Block block : DocsBlocks.all()) {
      String fault =
          switch (block.language()) {
            case "json" -> Snippets.json(block.text());
            case "sql" -> Snippets.sql(block.text());
            case "java" -> Snippets.java(block.text());
            default -> "";
          };
      if (!fault.isEmpty()) {
        faults.add(block.at() + ": " + fault);
      }
    }
    assertThat(faults).isEmpty();
  }

  /** {@code N} stands for a number. */
  private static List<String> words(ShellCommand command) {
    return DocsBlocks.words(command.text()).stream()
        .map(word -> word.equals("N") ? "1" : word)
        .toList();
  }

  private CommandLine commandLine() {
    PrintWriter writer = new PrintWriter(new StringWriter());
    return Millrace.commandLine(new Console(writer, writer, false, 80, Map.of(), folder, folder));
  }
}
