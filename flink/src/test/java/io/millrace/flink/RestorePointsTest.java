package io.millrace.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorePointsTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void findsNothingBeforeTheFirstStart() {
    assertThat(points().newest()).isEmpty();
  }

  @Test
  void takesTheNewestCompleteOneWhetherCheckpointOrSavepoint() throws IOException {
    store("job/chk-9", 9);
    store("job/chk-10", 10);
    Files.createDirectories(folder.resolve("job/chk-12")); // killed while it was written
    assertThat(points().newest().orElseThrow().number()).isEqualTo(10);

    store("savepoints/savepoint-ab", 11);
    assertThat(points().newest().orElseThrow().path().getName()).isEqualTo("savepoint-ab");

    store("job/chk-13", 13);
    assertThat(points().newest().orElseThrow().path().getName()).isEqualTo("chk-13");
  }

  private RestorePoints points() {
    return new RestorePoints(new Path(folder.toUri()));
  }

  private void store(String name, long number) throws IOException {
    java.nio.file.Path metadata = folder.resolve(name).resolve("_metadata");
    Files.createDirectories(folder.resolve(name));
    try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(metadata))) {
      Checkpoints.storeCheckpointMetadata(
          new CheckpointMetadata(number, List.of(), List.of()), out);
    }
  }
}
