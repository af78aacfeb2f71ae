package io.millrace.bench;

import java.util.List;

/** The arguments of a bench: {@code --name value} and {@code --flag}. */
public record Given(List<String> arguments) {

  public static Given of(String... arguments) {
    return new Given(List.of(arguments));
  }

  public String value(String name, String otherwise) {
    int at = arguments.indexOf(name);
    if (at >= 0 && at + 1 == arguments.size()) {
      throw new IllegalArgumentException(name + " needs a value");
    }
    return at < 0 ? otherwise : arguments.get(at + 1);
  }

  public int number(String name, int otherwise) {
    return Integer.parseInt(value(name, Integer.toString(otherwise)));
  }

  public boolean has(String flag) {
    return arguments.contains(flag);
  }
}
