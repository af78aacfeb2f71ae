package io.millrace.workers.cli;

import io.millrace.workers.config.EditDistance;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with the arguments and where help is, without printing all of it. */
final class UsageErrors implements IParameterExceptionHandler {
  private final Console console;

  UsageErrors(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException exception, String[] arguments) {
    String command = exception.getCommandLine().getCommandSpec().qualifiedName();
    console.err().println("millrace: " + PlainText.of(sentence(exception)));
    console.err().println("Try `" + command + " --help` for what there is.");
    return ExitCode.USAGE;
  }

  private static String sentence(ParameterException exception) {
    if (exception instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched().get(0), exception.getCommandLine());
    }
    return String.valueOf(exception.getMessage());
  }

  /** Names the word that the command does not take, and the nearest that it does. */
  private static String unmatched(String word, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String name = spec.qualifiedName();
    if (word.startsWith("-")) {
      String option = word.replaceFirst("=.*", "");
      return "`%s` has no option '%s'%s"
          .formatted(name, option, meant(option, spec.optionsMap().keySet(), ""));
    }
    if (spec.subcommands().isEmpty()) {
      return "`%s` takes no further argument '%s'".formatted(name, word);
    }
    return "`%s` has no command '%s'%s".formatted(name, word, meant(word, shown(spec), name + " "));
  }

  private static List<String> shown(CommandSpec spec) {
    return spec.subcommands().entrySet().stream()
        .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String meant(String word, Collection<String> known, String before) {
    return EditDistance.meant(word, known)
        .map(nearest -> "; did you mean `%s%s`?".formatted(before, nearest))
        .orElse("");
  }
}
