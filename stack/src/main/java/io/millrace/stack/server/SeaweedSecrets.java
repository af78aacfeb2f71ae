package io.millrace.stack.server;

import io.millrace.stack.PrivateFiles;
import io.millrace.stack.install.Commands;
import io.millrace.stack.process.Executables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * By what the parts of one SeaweedFS know each other: signatures on HTTP between them, and a
 * certificate (mutual TLS) on gRPC.
 *
 * @param folder where the certificate is kept, made on first use
 * @param secret from which the keys of the signatures follow
 */
record SeaweedSecrets(Path folder, String secret) {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final List<String> PARTS =
      List.of("MASTER", "VOLUME", "FILER", "S3", "CLIENT", "ADMIN", "WORKER");

  /** Variables that {@code weed} reads in place of its file {@code security.toml}. */
  Map<String, String> environment() throws IOException {
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    if (!Files.exists(certificate) || !Files.exists(key)) {
      makeCertificate(certificate, key);
    }
    Map<String, String> variables = new HashMap<>();
    for (String signing : List.of("", "_READ")) {
      variables.put("WEED_JWT_SIGNING" + signing + "_KEY", derived("volume" + signing));
      variables.put("WEED_JWT_FILER_SIGNING" + signing + "_KEY", derived("filer" + signing));
    }
    variables.put("WEED_GRPC_CA", certificate.toString());
    for (String part : PARTS) {
      variables.put("WEED_GRPC_" + part + "_CERT", certificate.toString());
      variables.put("WEED_GRPC_" + part + "_KEY", key.toString());
    }
    return variables;
  }

  private String derived(String purpose) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((purpose + "\n" + secret).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void makeCertificate(Path certificate, Path key) throws IOException {
    Files.createDirectories(folder);
    Path store = folder.resolve("new.p12");
    Files.deleteIfExists(store);
    String password = derived("store");
    Commands.run(
        List.of(
            Executables.java().resolveSibling("keytool").toString(),
            "-genkeypair",
            "-alias",
            "own",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "36500",
            "-dname",
            "CN=millrace-s3",
            "-ext",
            "bc=ca:true",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass:env",
            "MILLRACE_STORE_PASSWORD"),
        Map.of("MILLRACE_STORE_PASSWORD", password),
        PATIENCE);
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password.toCharArray());
      PrivateFiles.write(
          key, pem("PRIVATE KEY", keys.getKey("own", password.toCharArray()).getEncoded()));
      PrivateFiles.write(certificate, pem("CERTIFICATE", keys.getCertificate("own").getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException("Cannot read " + store, e);
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private static String pem(String kind, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, lines, kind);
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "SeaweedSecrets[folder=" + folder + "]";
  }
}
