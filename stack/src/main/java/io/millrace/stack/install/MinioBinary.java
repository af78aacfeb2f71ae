package io.millrace.stack.install;

import io.millrace.stack.StackException;
import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MinIO: the one on the PATH, else built once from source with the versions and checksums of a
 * {@code go.mod} and {@code go.sum} of this package.
 */
public final class MinioBinary {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private MinioBinary() {}

  /** Whether there is one, or Go to build it. */
  public static boolean isAvailable() {
    return Executables.onPath("minio").isPresent() || Executables.onPath("go").isPresent();
  }

  /** The program. */
  public static Path in(Cache cache) {
    Optional<Path> installed = Executables.onPath("minio");
    if (installed.isPresent()) {
      return installed.get();
    }
    String module = resource("minio.go.mod");
    String sums = resource("minio.go.sum");
    return cache
        .folder("minio", module + sums, folder -> build(module, sums, folder))
        .resolve("minio");
  }

  private static void build(String module, String sums, Path folder) throws IOException {
    Path go =
        Executables.onPath("go")
            .orElseThrow(
                () ->
                    new StackException(
                        "There is no minio on the PATH, and no Go to build it with. Install one of"
                            + " them, or leave MILLRACE_S3 unset to use SeaweedFS."));
    Files.writeString(folder.resolve("go.mod"), module);
    Files.writeString(folder.resolve("go.sum"), sums);
    Commands.run(
        List.of(
            go.toString(),
            "build",
            "-C",
            folder.toString(),
            "-mod=readonly",
            "-trimpath",
            "-buildvcs=false",
            "-ldflags=-s -w",
            "-o",
            folder.resolve("minio").toString(),
            "github.com/minio/minio"),
        Map.of("CGO_ENABLED", "0", Commands.MARK, folder.toString()),
        PATIENCE);
  }

  private static String resource(String name) {
    try (InputStream in = MinioBinary.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
