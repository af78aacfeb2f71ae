package io.millrace.workers.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyFileTest {
  @TempDir Path folder;

  @Test
  void aWorkerIsReadyFromWriteToRemove() throws IOException {
    ReadyFile ready = ReadyFile.in(folder, "worker");
    assertThatThrownBy(ready::check).hasMessageContaining("not ready yet");

    ready.write();
    assertThatCode(ready::check).doesNotThrowAnyException();

    ready.remove();
    assertThatThrownBy(ready::check).hasMessageContaining("not ready yet");
  }

  @Test
  void aWorkerThatWasKilledIsNotReady() throws Exception {
    ReadyFile ready = ReadyFile.in(folder, "worker");
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createDirectories(ready.path().getParent());
    Files.writeString(ready.path(), Long.toString(gone.pid()));

    assertThatThrownBy(ready::check).hasMessageContaining("gone");
  }

  @Test
  void aWorkerLeavesTheFileOfItsSuccessorAlone() throws IOException {
    ReadyFile ready = ReadyFile.in(folder, "worker");
    Files.createDirectories(ready.path().getParent());
    Files.writeString(ready.path(), "1");

    ready.remove();

    assertThat(ready.path()).hasContent("1");
  }
}
