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
    console.out().flush();
    return ExitCode.OK;
  }
}
