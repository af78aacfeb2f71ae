package io.millrace.bench;

import io.millrace.stack.StackConfig;
import io.millrace.stack.process.ClassArchive;
import io.millrace.stack.process.JavaModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another main of the bench in a process of its own. */
public final class JavaProcess {
  private static final List<String> JVM = List.of("-Xmx1g", "-XX:+UseSerialGC");

  private JavaProcess() {}

  public static ProcessBuilder of(Class<?> main, String... arguments) {
    return of(ClassArchive.Start.PLAIN, main, arguments);
  }

  /** The same with the classes that an archive has, as {@code millrace up} starts servers. */
  public static ProcessBuilder of(ClassArchive.Start classes, Class<?> main, String... arguments) {
    List<String> options = new ArrayList<>(JVM);
    options.addAll(classes.options());
    return of(options, main, arguments);
  }

  /** The same with options of its own for the JVM. */
  public static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
    List<String> command = module().command(options, main.getName(), List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /** Where the classes of a main are kept. */
  public static ClassArchive archive(Class<?> main) {
    return module().archive(main.getSimpleName());
  }

  private static JavaModule module() {
    return new JavaModule(StackConfig.of(Map.of(), System.getenv()).home(), "bench");
  }
}
