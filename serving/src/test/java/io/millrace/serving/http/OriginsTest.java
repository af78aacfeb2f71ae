package io.millrace.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins, and names that a page has made this server's by DNS rebinding. */
class OriginsTest {
  private static final HttpOptions LOCAL = HttpOptions.at("127.0.0.1", 0);

  @ParameterizedTest
  @CsvSource({
    "localhost:8000, http://localhost:8000",
    "127.0.0.1:8000, http://127.0.0.1:8000",
    "LOCALHOST:8000, http://localhost:8000",
    "[::1]:8000,     http://[::1]:8000",
    "localhost,      http://localhost",
    "localhost,      http://localhost:80",
    "localhost,      https://localhost",
    "localhost:443,  https://localhost",
  })
  void aPageOfThisServerMayChangeThings(String host, String origin) {
    new Origins(LOCAL).check("POST", host, origin);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8000, http://localhost:3000",
    "localhost:8000, http://127.0.0.1:8000",
    "localhost:8000, https://localhost",
    "localhost,      http://localhost:8000",
    "localhost:8000, https://evil.example",
    "localhost:8000, http://localhost.evil.example:8000",
    "localhost:8000, null",
    "localhost:8000, ''",
    "localhost:8000, http://localhost:8000:8000",
    "localhost:8000, file://",
    "localhost:8000, chrome-extension://abc",
  })
  void aPageOfAnotherOriginChangesNothing(String host, String origin) {
    for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
      refused(LOCAL, method, host, origin, "serving.cors-origins");
    }
  }

  /** It cannot read the answer, as no header of CORS comes with it. */
  @Test
  void aPageOfAnotherOriginMayAsk() {
    new Origins(LOCAL).check("GET", "localhost:8000", "https://other.example");
    new Origins(LOCAL).check("OPTIONS", "localhost:8000", "https://other.example");
  }

  @Test
  void anOriginThatIsNamedMayChangeThings() {
    HttpOptions named = LOCAL.withCorsOrigins(List.of("https://shop.example"));
    new Origins(named).check("POST", "localhost:8000", "https://shop.example");
    refused(named, "POST", "localhost:8000", "http://shop.example", "serving.cors-origins");
    new Origins(LOCAL.withCorsOrigins(List.of("*"))).check("POST", "localhost", "https://a.b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8000", "localhost.evil.example", "x", ""})
  void aServerOnLoopbackAnswersToNoOtherName(String host) {
    refused(LOCAL, "GET", host, null, "localhost");
    refused(HttpOptions.at("localhost", 0), "GET", host, null, "localhost");
    refused(HttpOptions.at("::1", 0), "GET", host, null, "localhost");
  }

  @Test
  void aServerForOthersOrWithKeysAnswersToAnyName(@TempDir Path folder) throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), "");
    AccessOptions withKeys = new AccessOptions(keys, RateLimit.NONE, RateLimit.NONE);
    new Origins(LOCAL.with(withKeys)).check("GET", "api.example", null);
    new Origins(HttpOptions.at("0.0.0.0", 0)).check("POST", "api.example", null);
    refused(LOCAL.with(withKeys), "POST", "api.example", "https://evil.example", "cors-origins");
  }

  @Test
  void aClientThatIsNoBrowserIsNotAffected() {
    new Origins(LOCAL).check("POST", "localhost:8000", null);
    new Origins(LOCAL).check("POST", null, null);
  }

  private static void refused(
      HttpOptions options, String method, String host, @Nullable String origin, String remedy) {
    assertThatThrownBy(() -> new Origins(options).check(method, host, origin))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(403))
        .hasMessageContaining(remedy);
  }
}
