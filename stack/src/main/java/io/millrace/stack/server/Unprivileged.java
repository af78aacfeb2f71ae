package io.millrace.stack.server;

import io.millrace.stack.StackException;
import io.millrace.stack.install.Commands;
import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs PostgreSQL, which refuses to be root, as somebody else where we are root: in a user
 * namespace where root has no number, which needs no other rights on our files; where the system
 * forbids that, as user {@code nobody}.
 *
 * @param prefix put before the command; empty where we are not root
 * @param owner who must own the files, or null for ourselves
 */
record Unprivileged(List<String> prefix, @Nullable UserPrincipal owner) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Finds the way that works here. */
  static Unprivileged detect() throws IOException {
    if (!System.getProperty("user.name").equals("root")) {
      return new Unprivileged(List.of(), null);
    }
    if (works(List.of("unshare", "-U"))) {
      return new Unprivileged(List.of("unshare", "-U"), null);
    }
    List<String> nobody = List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups");
    if (works(nobody)) {
      UserPrincipal user =
          Path.of("/")
              .getFileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName("nobody");
      return new Unprivileged(nobody, user);
    }
    throw new StackException(
        "PostgreSQL does not run as root, and neither unshare nor setpriv (package util-linux) can"
            + " run it as another user here. Run Millrace as an ordinary user.");
  }

  /** The command to run it so. */
  List<String> command(List<String> command) {
    return Stream.concat(prefix.stream(), command.stream()).toList();
  }

  /** Hands a file over. */
  void own(Path path) throws IOException {
    if (owner != null) {
      Files.setOwner(path, owner);
    }
  }

  /** Makes a folder that the other user may fill. */
  void makeFolder(Path path) throws IOException {
    Files.createDirectories(path);
    own(path);
    if (owner != null && !works(command(List.of("test", "-w", path.toString())))) {
      throw new StackException(
          "PostgreSQL does not run as root, and user nobody cannot reach %s. Run Millrace as an ordinary user, or set MILLRACE_HOME to a folder that all users can enter."
              .formatted(path));
    }
  }

  private static boolean works(List<String> command) {
    if (Executables.onPath(command.get(0)).isEmpty()) {
      return false;
    }
    List<String> probe =
        command.contains("test")
            ? command
            : Stream.concat(command.stream(), Stream.of("true")).toList();
    try {
      Commands.run(probe, Map.of(), PATIENCE);
      return true;
    } catch (StackException e) {
      return false;
    }
  }
}
