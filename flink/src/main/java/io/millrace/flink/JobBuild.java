package io.millrace.flink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** The jar that this code came from, named by its SHA-256. */
final class JobBuild {
  /** The job's parameter that names it. */
  static final String PARAMETER = "build";

  private JobBuild() {}

  /** Its SHA-256 in hex, or {@code classes} when the code was not packaged. */
  static String id() {
    return jar().map(JobBuild::sha256).orElse("classes");
  }

  /** Lays it where Flink keeps uploaded jars, so that a deployment can come back to it. */
  static void offer(Path uploadDir) throws IOException {
    Optional<Path> jar = jar();
    if (jar.isPresent()) {
      Path folder = Files.createDirectories(uploadDir.resolve("flink-web-upload"));
      String name = "%s_%s.jar".formatted(UUID.randomUUID(), sha256(jar.get()));
      Files.copy(jar.get(), folder.resolve(name));
    }
  }

  private static Optional<Path> jar() {
    try {
      Path source =
          Path.of(JobBuild.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Optional.of(source).filter(Files::isRegularFile);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Cannot tell where this code came from", e);
    }
  }

  private static String sha256(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
