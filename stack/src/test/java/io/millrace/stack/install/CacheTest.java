package io.millrace.stack.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {
  @TempDir Path root;

  @Test
  void buildsOnceHoweverManyAsk() {
    Cache cache = new Cache(root);
    AtomicInteger builds = new AtomicInteger();
    CompletableFuture<?>[] all =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> cache.folder("tool", "v1", folder -> builds.incrementAndGet())))
            .toArray(CompletableFuture<?>[]::new);

    CompletableFuture.allOf(all).join();

    assertThat(builds).hasValue(1);
  }

  @Test
  void buildsAnewWhatWasCutShort() throws IOException {
    Cache cache = new Cache(root);
    assertThatThrownBy(
            () ->
                cache.folder(
                    "tool",
                    "v1",
                    folder -> {
                      Files.writeString(folder.resolve("half"), "x");
                      throw new IOException("connection lost");
                    }))
        .hasMessageContaining("tool")
        .hasMessageContaining("connection lost");

    Path folder = cache.folder("tool", "v1", into -> Files.writeString(into.resolve("whole"), "x"));

    assertThat(folder.resolve("whole")).exists();
    assertThat(folder.resolve("half")).doesNotExist();
  }

  @Test
  void keepsVersionsApart() {
    Cache cache = new Cache(root);

    Path one = cache.folder("tool", "v1", folder -> {});
    Path two = cache.folder("tool", "v2", folder -> {});

    assertThat(one).isNotEqualTo(two);
    assertThat(cache.has("tool", "v1")).isTrue();
    assertThat(cache.has("tool", "v3")).isFalse();
  }

  @Test
  void namesTheProgramsOfEachMachine() {
    assertThat(PostgresBinaries.archive("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
    assertThat(PostgresBinaries.archive("Mac OS X", "aarch64"))
        .isEqualTo("postgres-darwin-arm_64.txz");
    assertThat(RedisBinary.resource("Linux", "aarch64"))
        .isEqualTo("redis-server-6.2.7-linux-arm64");
    assertThat(RedisBinary.resource("Mac OS X", "x86_64"))
        .isEqualTo("redis-server-6.2.6-v5-darwin-amd64");
  }
}
