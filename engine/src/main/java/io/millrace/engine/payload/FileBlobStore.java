package io.millrace.engine.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Blobs in a folder: for tests, and for workers that share a disk. */
public final class FileBlobStore implements BlobStore {

  private static final String DRAFT = ".draft";

  private final Path folder;

  /** Uses a folder, which is made when the first blob is written. */
  public FileBlobStore(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public void put(String key, byte[] bytes) {
    Path file = file(key);
    try {
      Files.createDirectories(file.getParent());
      Path draft = Files.createTempFile(file.getParent(), "blob", DRAFT);
      Files.write(draft, bytes);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  @Override
  public Optional<byte[]> get(String key) {
    Path file = file(key);
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  @Override
  public Stream<Blob> list(String prefix) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> found =
          files
              .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(DRAFT))
              .filter(file -> key(file).startsWith(prefix))
              .sorted()
              .toList();
      return found.stream().map(file -> new Blob(key(file), writtenAt(file)));
    } catch (IOException e) {
      throw failed("list", folder, e);
    }
  }

  @Override
  public void delete(String key) {
    Path file = file(key);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("delete", file, e);
    }
  }

  @Override
  public String name() {
    return folder.toUri().toString();
  }

  private Path file(String key) {
    Path file = folder.resolve(key).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw new IllegalArgumentException(
          "Key '%s' lies outside of the folder %s".formatted(key, folder));
    }
    return file;
  }

  private String key(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static Instant writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      throw failed("look at", file, e);
    }
  }

  private static BlobStoreException failed(String what, Path file, IOException e) {
    return new BlobStoreException("Cannot %s %s: %s".formatted(what, file, e), e);
  }
}
