package io.millrace.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.stack.StackException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLocksTest {
  @TempDir Path folder;

  @Test
  void letsOneInAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CompletableFuture<?>[] all =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () ->
                            FileLocks.holding(
                                folder.resolve("sub/lock"),
                                Duration.ofSeconds(30),
                                () -> {
                                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                  return inside.decrementAndGet();
                                })))
            .toArray(CompletableFuture<?>[]::new);

    CompletableFuture.allOf(all).join();

    assertThat(most).hasValue(1);
  }

  @Test
  void givesUpWithASentence() {
    Path lock = folder.resolve("lock");

    FileLocks.holding(
        lock,
        Duration.ofSeconds(5),
        () ->
            assertThatThrownBy(() -> FileLocks.holding(lock, Duration.ZERO, () -> "never"))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("Another Millrace command")
                .hasMessageContaining(lock.toString()));
  }

  @Test
  void letsGoWhenTheWorkFails() {
    Path lock = folder.resolve("lock");

    assertThatThrownBy(
            () ->
                FileLocks.holding(
                    lock,
                    Duration.ZERO,
                    () -> {
                      throw new IllegalStateException("work");
                    }))
        .hasMessage("work");

    assertThat(FileLocks.<String, RuntimeException>holding(lock, Duration.ZERO, () -> "free"))
        .isEqualTo("free");
  }
}
