package io.millrace.activities.registry;

import java.util.Map;
import java.util.Optional;

/** The files of a run or a model version, wherever MLflow keeps them. */
public interface ArtifactFolder {
  /** Where it is, for messages. */
  String uri();

  /**
   * The files right in a folder, with their sizes in bytes; -1 where the store does not say.
   *
   * @param folder below this one; empty for this one itself
   */
  Map<String, Long> files(String folder);

  /**
   * Reads a file; empty if there is none.
   *
   * @param path below this folder
   */
  Optional<byte[]> read(String path);
}
