package io.millrace.bench.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.fuzz.FuzzConnection.Answer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an answer is one that the request may have. */
final class Verdict {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final float TOLERANCE = 1e-6f;

  private Verdict() {}

  /** What is wrong with the answer; null if nothing is. */
  static @Nullable String of(FuzzCase sent, Answer answer) {
    String text = new String(answer.body(), UTF_8);
    if (answer.status() == 0) {
      return sent.kind() == Kind.GARBAGE || sent.kind() == Kind.HALF_CLOSED ? null : "no answer";
    }
    if (text.contains("\tat ") || text.contains("Exception") || text.contains("java.")) {
      return "shows the server's insides";
    }
    if (answer.status() == 200) {
      return ofSuccess(sent, text);
    }
    if (answer.status() < 400 || answer.status() >= 500) {
      return "status " + answer.status();
    }
    if (!answer.type().startsWith("application/problem+json")) {
      return "an error of type " + answer.type();
    }
    try {
      if (JSON.readTree(text).path("status").asInt() != answer.status()) {
        return "a problem of another status";
      }
    } catch (IOException e) {
      return "an error that is no JSON";
    }
    return sent.isJudgedByItsBody() && Reference.predictions(sent.path(), sent.body()) != null
        ? "a good body was refused"
        : null;
  }

  private static @Nullable String ofSuccess(FuzzCase sent, String text) {
    if (!sent.isJudgedByItsBody()) {
      // OPTIONS and HEAD may succeed; nothing else that is not judged by its body may.
      return sent.kind() == Kind.CONTENT_TYPE && sent.body().length == 0 ? null : unjudged(sent);
    }
    List<@Nullable Float> wanted = Reference.predictions(sent.path(), sent.body());
    if (wanted == null) {
      return "a bad body was answered with 200";
    }
    try {
      JsonNode answer = JSON.readTree(text);
      JsonNode given =
          answer.path(sent.path().equals(Bodies.INFERENCE) ? "prediction" : "predictions");
      return agree(wanted, given) ? null : "other predictions than " + wanted;
    } catch (IOException e) {
      return "an answer that is no JSON";
    }
  }

  private static @Nullable String unjudged(FuzzCase sent) {
    String head = new String(sent.head(), UTF_8);
    boolean typeless = sent.kind() == Kind.CONTENT_TYPE && head.contains("Content-Type: \r\n");
    return typeless ? null : "a 200 for what is no good request";
  }

  private static boolean agree(List<@Nullable Float> wanted, JsonNode given) {
    if (given.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      @Nullable Float one = wanted.get(i);
      if (one == null
          ? !given.get(i).isNull()
          : !(Math.abs(one - given.get(i).floatValue()) <= TOLERANCE)) {
        return false;
      }
    }
    return true;
  }
}
