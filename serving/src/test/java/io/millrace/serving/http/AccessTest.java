package io.millrace.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.serving.FakeModels;
import io.millrace.serving.TestServer;
import io.millrace.serving.TestServer.Answer;
import io.millrace.serving.models.Rollout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static final String PATH = "/models/shop/predict";
  private static final String BODY = "{\"instances\":[]}";

  @TempDir Path folder;

  private TestServer server(RateLimit perKey, RateLimit perAddress) throws Exception {
    Path keys =
        Files.writeString(
            folder.resolve("keys"),
            "# for tests\nshop:predict:%s\n\nops:predict,operate:%s\nops2:operate:%s\n"
                .formatted(hash("key-1"), hash("key-2"), hash("key-3")));
    return new TestServer(
        new FakeModels().register("shop", "7", 1, 2).rollOut("shop", Rollout.of("7")),
        HttpOptions.at("127.0.0.1", 0).with(new AccessOptions(keys, perKey, perAddress)));
  }

  private static String hash(String key) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
  }

  @Test
  void letsEachKeyDoWhatItsRolesSay() throws Exception {
    try (TestServer server = server(RateLimit.NONE, RateLimit.NONE)) {
      Answer none = server.post(PATH, BODY);
      assertThat(none.status()).isEqualTo(401);
      assertThat(none.type()).isEqualTo("application/problem+json");
      assertThat(none.headers().get("www-authenticate")).containsExactly("Bearer");
      assertThat(server.post(PATH, BODY, "X-API-Key", "nope").status()).isEqualTo(401);
      assertThat(server.post(PATH, BODY, "X-API-Key", "key-1").status()).isEqualTo(200);
      assertThat(server.post(PATH, BODY, "Authorization", "Bearer key-1").status()).isEqualTo(200);
      assertThat(server.post(PATH, BODY, "X-API-Key", "key-3").status()).isEqualTo(403);

      String reload = "/models/shop/reload";
      assertThat(server.post(reload, "").status()).isEqualTo(401);
      assertThat(server.post(reload, "", "X-API-Key", "key-1").status()).isEqualTo(403);
      assertThat(server.post(reload, "", "X-API-Key", "key-2").status()).isEqualTo(200);

      assertThat(server.get("/health/ready").status()).isEqualTo(200);
      assertThat(server.get("/models").status()).isEqualTo(401);
    }
  }

  @Test
  void aKeyHasItsRateAndSaysWhenThereIsMore() throws Exception {
    try (TestServer server = server(new RateLimit(0.01, 2), RateLimit.NONE)) {
      assertThat(server.post(PATH, BODY, "X-API-Key", "key-1").headers().get("ratelimit-remaining"))
          .containsExactly("1");
      assertThat(server.post(PATH, BODY, "X-API-Key", "key-1").status()).isEqualTo(200);

      Answer refused = server.post(PATH, BODY, "X-API-Key", "key-1");

      assertThat(refused.status()).isEqualTo(429);
      assertThat(Integer.parseInt(refused.headers().get("retry-after").get(0))).isBetween(90, 100);
      assertThat(refused.headers().get("ratelimit-limit")).containsExactly("2");
      assertThat(server.post(PATH, BODY, "X-API-Key", "key-2").status()).isEqualTo(200);
    }
  }

  @Test
  void anAddressWithoutKeyHasItsRateToo() throws Exception {
    AccessOptions options = new AccessOptions(null, RateLimit.NONE, new RateLimit(0.01, 1));
    try (TestServer server =
        new TestServer(
            new FakeModels().register("shop", "7", 1, 2).rollOut("shop", Rollout.of("7")),
            HttpOptions.at("127.0.0.1", 0).with(options))) {
      assertThat(server.post(PATH, BODY).status()).isEqualTo(200);
      assertThat(server.post(PATH, BODY).status()).isEqualTo(429);
      assertThat(server.get("/health").status()).isEqualTo(200);
    }
  }

  @Test
  void aBucketFillsAsTimePasses() {
    AtomicLong now = new AtomicLong(5);
    TokenBuckets buckets = new TokenBuckets(new RateLimit(10, 3), now::get);

    for (int left = 2; left >= 0; left--) {
      assertThat(buckets.take("a").left()).isEqualTo(left);
    }
    assertThat(buckets.take("a").waitNanos()).isEqualTo(100_000_000);
    assertThat(buckets.take("b").left()).isEqualTo(2);
    now.addAndGet(100_000_000);
    assertThat(buckets.take("a").left()).isEqualTo(0);
    assertThat(buckets.take("a").refused()).isTrue();
    now.addAndGet(60_000_000_000L);
    assertThat(buckets.take("a").left()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop:predict",
        ":predict:00",
        "shop:admin:00",
        "shop:predict:zz",
        "shop:predict:00"
      })
  void namesTheLineThatIsNoKey(String line) throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), "# first\n" + line + "\n");

    assertThatThrownBy(() -> ApiKeys.read(keys))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(keys + " line 2");
  }
}
