package io.millrace.workers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPageTest {
  @TempDir private Path folder;

  @Test
  void everyCommandHasAPageOfKnownRequestsOnly() throws IOException {
    Terminal terminal = new Terminal(folder, Map.of());
    assertThat(terminal.millrace("man", "--dir", "man1")).isEqualTo(ExitCode.OK);
    try (var files = Files.list(folder.resolve("man1"))) {
      List<Path> pages = files.toList();
      assertThat(terminal.out()).startsWith("wrote " + pages.size() + " pages to ");
      assertThat(pages)
          .extracting(page -> page.getFileName().toString())
          .contains("millrace.1", "millrace-runs.1", "millrace-runs-show.1", "millrace-man.1");
      for (Path page : pages) {
        assertThat(Files.readAllLines(page))
            .as(page.toString())
            .startsWith(Files.readAllLines(page).get(0))
            .contains(".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS")
            .allSatisfy(
                line ->
                    assertThat(line)
                        .matches("(\\.(TH|SH|TP|PP|nf|fi)\\b.*)|([^.'].*)")
                        .doesNotContain("${", "%n", "@|"));
      }
    }
  }

  @Test
  void aPageSaysWhatHelpSays() {
    Terminal terminal = new Terminal(folder, Map.of());
    assertThat(terminal.millrace("man", "runs", "list")).isEqualTo(ExitCode.OK);

    assertThat(terminal.out())
        .startsWith(".TH \"MILLRACE-RUNS-LIST\" 1 ")
        .contains("millrace\\-runs\\-list \\- List runs of DAGs, the one that started last first.")
        .contains("\\fB\\-\\-limit\\fR=\\fIN\\fR\nAt most so many. Default: 20.")
        .contains("QUEUED, RUNNING, HELD, SUCCESS, FAILED")
        .contains("  millrace runs list \\-\\-awaiting\\-input");
    assertThat(terminal.millrace("man", "runs", "lst")).isEqualTo(ExitCode.USAGE);
    assertThat(terminal.err()).contains("there is no command 'millrace runs lst'");
  }
}
