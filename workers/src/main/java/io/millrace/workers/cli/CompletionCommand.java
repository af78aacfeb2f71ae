package io.millrace.workers.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what makes a shell complete our commands. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    header = "Print a completion script for bash or zsh.",
    footer = {"", "Example:", "  source <(millrace completion bash)"})
final class CompletionCommand implements Callable<Integer> {
  /**
   * Completes names where picocli's script has no words. A run's id has colons, at which bash ends
   * words: the line is split at blanks instead, and what stands before the last colon is cut off.
   */
  private static final String NAMES =
      """

      _complete_millrace_names() {
        _complete_millrace
        local line="${COMP_LINE:0:COMP_POINT}" words cur
        read -ra words <<<"$line"
        [[ "$line" == *[[:space:]] ]] && words+=("")
        cur="${words[${#words[@]} - 1]}"
        if [[ ${#COMPREPLY[@]} -eq 0 && "$cur" != -* ]]; then
          local IFS=$'\n' before="${cur%"${cur##*:}"}"
          COMPREPLY=($("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null))
          if [[ -n "$before" && "$COMP_WORDBREAKS" == *:* ]]; then
            COMPREPLY=("${COMPREPLY[@]#"$before"}")
          fi
        fi
      }
      complete -F _complete_millrace_names -o default millrace
      """;

  private final Console console;

  /** Shells that take picocli's script. */
  enum Shell {
    BASH,
    ZSH
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.BASH;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (shell == Shell.ZSH) {
      console.out().println("autoload -U +X compinit && compinit");
    }
    CommandLine root = Millrace.commandLine(console);
    console.out().print(AutoComplete.bash(root.getCommandName(), root));
    console.out().print(NAMES);
    console.out().flush();
    return ExitCode.OK;
  }
}
