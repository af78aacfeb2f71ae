package io.millrace.workers.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Manual pages. */
@Command(
    name = "man",
    mixinStandardHelpOptions = true,
    header = "Print the manual page of a command, for man.",
    footer = {
      "",
      "Examples:",
      "  millrace man runs show | man -l -",
      "  millrace man --dir ~/.local/share/man/man1    then: man millrace-runs-show"
    })
final class ManCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "For example: runs show.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      description = "Write the page of every command into this folder.")
  private @Nullable Path folder;

  ManCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    CommandLine command = Millrace.commandLine(console);
    if (folder != null) {
      Path into = console.workingDirectory().resolve(folder);
      console
          .out()
          .println("wrote " + ManPage.writeAll(command, into).size() + " pages to " + into);
      return ExitCode.OK;
    }
    for (String name : names) {
      CommandLine below = command.getSubcommands().get(name);
      if (below == null) {
        throw Names.unknown(
            "command",
            command.getCommandSpec().qualifiedName() + " " + name,
            command.getSubcommands().keySet().stream().map(commandName(command)).toList());
      }
      command = below;
    }
    console.out().print(ManPage.of(command));
    console.out().flush();
    return ExitCode.OK;
  }

  private static UnaryOperator<String> commandName(CommandLine above) {
    return name -> above.getCommandSpec().qualifiedName() + " " + name;
  }
}
