package io.millrace.workers.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The manual page of a command, in roff as {@code man} takes it, from what {@code --help} says. */
final class ManPage {
  private final CommandLine command;
  private final StringBuilder roff = new StringBuilder();

  private ManPage(CommandLine command) {
    this.command = command;
  }

  /** Writes the pages of a command and of all below it; returns their files. */
  static List<Path> writeAll(CommandLine root, Path folder) {
    List<Path> written = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      for (CommandLine command : all(root).toList()) {
        written.add(Files.writeString(folder.resolve(name(command) + ".1"), of(command)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write manual pages to " + folder, e);
    }
    return written;
  }

  private static Stream<CommandLine> all(CommandLine root) {
    return Stream.concat(
        Stream.of(root), root.getSubcommands().values().stream().distinct().flatMap(ManPage::all));
  }

  /** The page of one command. */
  static String of(CommandLine command) {
    return new ManPage(command).text();
  }

  private String text() {
    CommandSpec spec = command.getCommandSpec();
    UsageMessageSpec usage = spec.usageMessage();
    String name = name(command);
    line(
        ".TH \"%s\" 1 \"\" \"Millrace\" \"Millrace manual\""
            .formatted(name.toUpperCase(Locale.ROOT)));
    section("NAME");
    plain(name + " - " + summary(usage));
    section("SYNOPSIS");
    plain(
        new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF))
            .synopsis(0)
            .strip()
            .replaceAll("\\s+", " "));
    verbatim("DESCRIPTION", usage.description(), false);
    arguments(spec.positionalParameters());
    options(spec.options());
    subcommands();
    verbatim("NOTES", usage.footer(), true);
    return roff.toString();
  }

  private void arguments(List<PositionalParamSpec> parameters) {
    List<PositionalParamSpec> shown = parameters.stream().filter(arg -> !arg.hidden()).toList();
    if (!shown.isEmpty()) {
      section("ARGUMENTS");
      shown.forEach(
          parameter -> entry("\\fI" + escape(parameter.paramLabel()) + "\\fR", parameter));
    }
  }

  private void options(List<OptionSpec> options) {
    List<OptionSpec> shown = options.stream().filter(option -> !option.hidden()).toList();
    if (!shown.isEmpty()) {
      section("OPTIONS");
      for (OptionSpec option : shown) {
        String names =
            String.join(
                ", ",
                Stream.of(option.names()).map(each -> "\\fB" + escape(each) + "\\fR").toList());
        String value =
            option.arity().max() == 0 ? "" : "=\\fI" + escape(option.paramLabel()) + "\\fR";
        entry(names + value, option);
      }
    }
  }

  private void subcommands() {
    List<CommandLine> below = command.getSubcommands().values().stream().distinct().toList();
    if (!below.isEmpty()) {
      section("COMMANDS");
      for (CommandLine sub : below) {
        line(".TP");
        line("\\fB" + escape(name(sub)) + "\\fR(1)");
        plain(summary(sub.getCommandSpec().usageMessage()));
      }
    }
  }

  /** In one line. */
  private static String summary(UsageMessageSpec usage) {
    return Stream.concat(Stream.of(usage.header()), Stream.of(usage.description()))
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElse("");
  }

  private void entry(String head, ArgSpec argument) {
    line(".TP");
    line(head);
    plain(String.join(" ", argument.description()));
  }

  /** Lines as they stand, or as paragraphs; an empty line parts them. */
  private void verbatim(String heading, String[] lines, boolean asTheyStand) {
    if (Stream.of(lines).allMatch(String::isBlank)) {
      return;
    }
    section(heading);
    if (asTheyStand) {
      line(".nf");
    }
    boolean begun = false;
    for (String text : lines) {
      if (!text.isBlank()) {
        plain(text);
        begun = true;
      } else if (begun) {
        line(".PP");
      }
    }
    if (asTheyStand) {
      line(".fi");
    }
  }

  private void section(String heading) {
    line(".SH " + heading);
  }

  private void plain(String text) {
    String escaped = escape(text.replace("%n", " ").replace("%%", "%"));
    // A line that begins so would be taken for a request.
    line(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped);
  }

  private void line(String text) {
    roff.append(text).append('\n');
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            point ->
                escaped.append(
                    switch (point) {
                      case '\\' -> "\\e";
                      case '-' -> "\\-";
                      default ->
                          point < 128 ? Character.toString(point) : "\\[u%04X]".formatted(point);
                    }));
    return escaped.toString();
  }
}
