package io.millrace.stack.process;

import io.millrace.stack.StackException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A lock file shared by processes and threads; the system frees it when its holder dies. */
public final class FileLocks {
  private static final Duration POLL = Duration.ofMillis(50);

  private FileLocks() {}

  /** What is done while the lock is held. */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {
    /** Does it. */
    T run() throws X;
  }

  /**
   * Waits for the lock, does the work, and lets go.
   *
   * @param file created when missing, with its folders; never deleted, since a waiter may hold it
   *     open
   * @throws StackException when others hold it longer than {@code patience}
   * @throws X when the work does
   */
  public static <T, X extends Exception> T holding(Path file, Duration patience, Work<T, X> work)
      throws X {
    FileChannel channel = open(file);
    try {
      acquire(channel, file, patience);
      return work.run();
    } finally {
      closeQuietly(channel);
    }
  }

  private static FileChannel open(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StackException("Cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static void acquire(FileChannel channel, Path file, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (tryLock(channel) == null) {
        if (System.nanoTime() > deadline) {
          throw new StackException(
              "Another Millrace command has been at work for %d s (it holds %s). Wait for it or end it, then try again."
                  .formatted(patience.toSeconds(), file));
        }
        Thread.sleep(POLL.toMillis());
      }
    } catch (IOException e) {
      throw new StackException("Cannot lock " + file + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for " + file, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process holds it
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StackException("Cannot release a lock file: " + e.getMessage(), e);
    }
  }
}
