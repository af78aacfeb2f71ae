package io.millrace.stack.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The log file of a process: appended to over restarts, with one older file kept once it has grown.
 */
final class ProcessLog {
  /** Beyond this size, in bytes, a log is put aside. */
  static final long ROTATE_AT = 16L << 20;

  private static final int TAIL_BYTES = 16 << 10;

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private ProcessLog() {}

  /**
   * Makes room before a start; returns how long the file is, so that {@link #tail} can show only
   * what came after.
   */
  static long prepare(Path log) throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    if (!Files.exists(log)) {
      Files.createFile(log, PRIVATE);
    }
    long size = Files.size(log);
    if (size < ROTATE_AT) {
      return size;
    }
    Files.move(
        log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    Files.createFile(log, PRIVATE);
    return 0;
  }

  /** The last lines written after an offset. */
  static List<String> tail(Path log, long from, int lines) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(from, file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      List<String> all =
          new String(bytes, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
