package io.millrace.flink;

import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;

/**
 * The checkpoints and savepoints of a job on the object store.
 *
 * <p>Below the job's folder are {@code <job id>/chk-<n>/} and {@code savepoints/savepoint-…/}. One
 * is complete when it has its {@code _metadata}, which holds the checkpoint's number; numbers go up
 * through savepoints and restarts, so that the highest is the newest.
 */
final class RestorePoints {
  private static final String METADATA = "_metadata";

  private final Path folder;

  RestorePoints(Path folder) {
    this.folder = folder;
  }

  /** A complete checkpoint or savepoint. */
  record RestorePoint(long number, Path path) {}

  /** Where savepoints go. */
  Path savepoints() {
    return new Path(folder, "savepoints");
  }

  /**
   * Finds the newest complete one.
   *
   * @throws UncheckedIOException if the store fails or one cannot be read: to start without it
   *     would repeat its output
   */
  Optional<RestorePoint> newest() {
    try {
      FileSystem files = folder.getFileSystem();
      List<RestorePoint> complete = new ArrayList<>();
      for (FileStatus group : list(files, folder)) {
        for (FileStatus candidate : list(files, group.getPath())) {
          Path metadata = new Path(candidate.getPath(), METADATA);
          if (candidate.isDir() && files.exists(metadata)) {
            complete.add(new RestorePoint(number(files, metadata), candidate.getPath()));
          }
        }
      }
      return complete.stream().max(Comparator.comparingLong(RestorePoint::number));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look for checkpoints in " + folder, e);
    }
  }

  private static FileStatus[] list(FileSystem files, Path folder) throws IOException {
    try {
      FileStatus[] listed = files.listStatus(folder);
      return listed == null ? new FileStatus[0] : listed;
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  private static long number(FileSystem files, Path metadata) throws IOException {
    try (DataInputStream in = new DataInputStream(files.open(metadata))) {
      return Checkpoints.loadCheckpointMetadata(
              in, RestorePoints.class.getClassLoader(), metadata.toString())
          .getCheckpointId();
    }
  }
}
