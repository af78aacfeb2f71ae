package io.millrace.stack.install;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks archives that come inside jars. */
public final class Unpack {
  private static final int OWNER_EXECUTES = 0100;

  private Unpack() {}

  /**
   * Unpacks a {@code .tar.xz}: files, folders, links, and who may execute.
   *
   * @throws IOException when it is damaged or an entry lies outside the folder
   */
  public static void tarXz(InputStream archive, Path folder) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("the archive names a file outside: " + entry.getName());
        }
        write(tar, entry, target, folder);
      }
    }
  }

  private static void write(
      TarArchiveInputStream tar, TarArchiveEntry entry, Path target, Path folder)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.copy(folder.resolve(entry.getLinkName()).normalize(), target);
    } else {
      Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
      if ((entry.getMode() & OWNER_EXECUTES) != 0 && !target.toFile().setExecutable(true, false)) {
        throw new IOException("cannot make executable: " + target);
      }
    }
  }
}
