package io.millrace.workers.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoStateTest {
  @TempDir Path folder;

  @Test
  void startsFreshWithoutAFile() throws IOException {
    DemoState state = DemoState.read(DemoState.file(folder));

    assertThat(state.seed()).isEqualTo(42);
    assertThat(state.nextStart()).isEqualTo(Instant.parse("2019-10-01T00:00:00Z"));
  }

  @Test
  void aRunUsesItsSeedUpAndTheNextStartsAfterItsEvents() throws IOException {
    Path file = DemoState.file(folder);
    DemoState.read(file).begun().upTo(Instant.parse("2019-10-01T14:13:05Z")).write(file);

    DemoState next = DemoState.read(file);

    assertThat(next.seed()).isEqualTo(43);
    assertThat(next.nextStart()).isEqualTo(Instant.parse("2019-10-01T15:00:00Z"));
  }

  @Test
  void aRunThatFailsHalfwayStillUsesItsSeedUp() throws IOException {
    Path file = DemoState.file(folder);
    DemoState.read(file).begun().write(file);

    assertThat(DemoState.read(file).seed()).isEqualTo(43);
  }
}
