package io.millrace.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.fuzz.FuzzConnection.Answer;
import java.io.IOException;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

class ServingFuzzTest {
  private static @Nullable FuzzTarget target;

  @BeforeContainer
  static void start() {
    target = new FuzzTarget();
  }

  @AfterContainer
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  private static FuzzClient client() {
    if (target == null) {
      throw new IllegalStateException("The server has not been started");
    }
    return new FuzzClient(target.port());
  }

  @Property(tries = 3_000, shrinking = ShrinkingMode.OFF)
  void everyRequestHasAnAnswerThatItMayHave(@ForAll long seed) throws IOException {
    try (FuzzClient client = client()) {
      judge(client, FuzzCase.of(seed));
    }
  }

  @Example
  void soHasEveryKind() throws IOException {
    try (FuzzClient client = client()) {
      for (Kind kind : Kind.values()) {
        for (int seed = 0; seed < (kind == Kind.SLOW || kind == Kind.HUGE_BATCH ? 1 : 30); seed++) {
          judge(client, FuzzCase.of(kind, new SplittableRandom(seed)));
        }
      }
    }
  }

  private static void judge(FuzzClient client, FuzzCase request) throws IOException {
    Answer answer = client.send(request);

    assertThat(Verdict.of(request, answer))
        .as(
            "%s %s %s: %d %s",
            request.kind(),
            request.path(),
            new String(request.body(), UTF_8),
            answer.status(),
            new String(answer.body(), UTF_8))
        .isNull();
  }

  @Example
  void theReferenceCanTellGoodFromBad() {
    assertThat(
            Reference.predictions(
                Bodies.PREDICT, "{\"instances\":[{\"price\":1}]}".getBytes(UTF_8)))
        .hasSize(1);
    assertThat(
            Reference.predictions(
                Bodies.PREDICT, "{\"instances\":[{\"price\":\"1\"}]}".getBytes(UTF_8)))
        .isNull();
  }
}
