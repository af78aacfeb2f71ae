package io.millrace.bench.fuzz;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What is wrong with a request, and how often it comes among some 20,000. */
enum Kind {
  VALID(3_000),
  MUTATED(8_000),
  NOISE(2_000),
  ODD_VALUE(4_000),
  DEEP(300),
  DOUBLED_KEY(600),
  UNKNOWN_FIELD(600),
  BAD_UTF8(400),
  EMPTY(200),
  HUGE_BATCH(4),
  CONTENT_TYPE(200),
  PACKED(200),
  BOMB(3),
  UNKNOWN_MODEL(200),
  UNKNOWN_PATH(200),
  WRONG_METHOD(100),
  LONG_HEAD(20),
  GARBAGE(50),
  PIPELINED(50),
  HALF_CLOSED(50),
  CHUNKED(200),
  SLOW(1);

  private final int weight;

  Kind(int weight) {
    this.weight = weight;
  }

  private static final int ALL = Arrays.stream(values()).mapToInt(kind -> kind.weight).sum();

  /** One of them, as often as it should come. */
  static Kind any(SplittableRandom random) {
    int at = random.nextInt(ALL);
    for (Kind kind : values()) {
      at -= kind.weight;
      if (at < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("The weights do not add up");
  }
}
