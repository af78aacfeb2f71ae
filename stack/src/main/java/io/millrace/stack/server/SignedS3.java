package io.millrace.stack.server;

import io.millrace.stack.Endpoints;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The few requests that the stack itself makes of an object store, signed with AWS Signature
 * Version 4 (source: AWS "Authenticating Requests: Using the Authorization Header"). Pipelines use
 * a full client.
 */
final class SignedS3 {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String PROBE_BUCKET = "millrace-health";
  private static final String PROBE = "/" + PROBE_BUCKET + "/probe";
  private static final String SIGNED_HEADERS = "host;x-amz-content-sha256;x-amz-date";

  private final Endpoints.S3 s3;

  SignedS3(Endpoints.S3 s3) {
    this.s3 = s3;
  }

  /** Passes when the store lists the buckets of our user: it is up, and it knows the keys. */
  void listBuckets() throws IOException, InterruptedException {
    HttpResponse<String> answer = send("GET", "/");
    if (answer.statusCode() != 200) {
      throw new IOException("listing buckets was answered by " + answer.statusCode());
    }
  }

  /**
   * Passes when an object that was kept before can be read, and not only the names: a store that
   * has just started again may know its buckets and not yet where their data are. Keeps that object
   * if it is not there.
   */
  void readProbe() throws IOException, InterruptedException {
    if (send("GET", PROBE).statusCode() == 404) {
      createBucket(PROBE_BUCKET);
      send("PUT", PROBE, "kept");
    }
    HttpResponse<String> answer = send("GET", PROBE);
    if (answer.statusCode() != 200) {
      throw new IOException("reading " + PROBE + " was answered by " + answer.statusCode());
    }
  }

  /** Creates the bucket unless it is there. */
  void createBucket(String name) throws IOException, InterruptedException {
    if (send("HEAD", "/" + name).statusCode() == 200) {
      return;
    }
    int status = send("PUT", "/" + name).statusCode();
    if (status != 200 && status != 409) {
      throw new IOException("creating bucket " + name + " was answered by " + status);
    }
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    return send(method, path, "");
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    String hash = hex(sha256(body));
    URI uri = URI.create(s3.endpoint() + path);
    String stamp = STAMP.format(Instant.now());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("x-amz-content-sha256", hash)
            .header("x-amz-date", stamp)
            .header("Authorization", authorization(method, path, hash, uri.getAuthority(), stamp));
    return Http.send(request);
  }

  private String authorization(String method, String path, String hash, String host, String stamp) {
    String canonical =
        String.join(
            "\n",
            method,
            path,
            "",
            "host:" + host,
            "x-amz-content-sha256:" + hash,
            "x-amz-date:" + stamp,
            "",
            SIGNED_HEADERS,
            hash);
    String day = stamp.substring(0, 8);
    String scope = day + "/" + s3.region() + "/s3/aws4_request";
    String toSign = String.join("\n", "AWS4-HMAC-SHA256", stamp, scope, hex(sha256(canonical)));
    byte[] key = ("AWS4" + s3.secretKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s"
        .formatted(s3.accessKey(), scope, SIGNED_HEADERS, hex(hmac(key, toSign)));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
