package io.millrace.flink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.flink.configuration.Configuration;

/**
 * A key of this process alone, by which Flink's own ports tell it from all others: whoever connects
 * must have the same key (mutual TLS). It is made on first use and kept in the work directory.
 *
 * @param store a key store of kind PKCS12
 * @param password of the store and its key
 */
record TlsIdentity(Path store, String password) {
  private static final int SECONDS = 120;

  /** For a key of this kind; Flink's default is for RSA keys only. */
  private static final String CIPHERS =
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

  /** The key of a work directory. */
  static TlsIdentity in(Path workDir) throws IOException, InterruptedException {
    Path folder = workDir.resolve("tls");
    Path store = folder.resolve("own.p12");
    Path secret = folder.resolve("password");
    if (Files.exists(store) && Files.exists(secret)) {
      return new TlsIdentity(store, Files.readString(secret));
    }
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    byte[] drawn = new byte[24];
    new SecureRandom().nextBytes(drawn);
    TlsIdentity identity = new TlsIdentity(store, HexFormat.of().formatHex(drawn));
    identity.make(folder.resolve("new.p12"));
    Files.writeString(secret, identity.password());
    return identity;
  }

  private void make(Path draft) throws IOException, InterruptedException {
    Files.deleteIfExists(draft);
    ProcessBuilder keytool =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
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
                "CN=millrace-flink",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                draft.toString(),
                "-storepass:env",
                "MILLRACE_STORE_PASSWORD"));
    keytool.environment().put("MILLRACE_STORE_PASSWORD", password);
    Path output = draft.resolveSibling("keytool.log");
    Process process = keytool.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new ConfigException(
          "keytool of %s made no key in %s: %s"
              .formatted(
                  System.getProperty("java.home"), draft.getParent(), Files.readString(output)));
    }
    Files.move(draft, store);
  }

  /** Has Flink's REST interface, blob server and data exchange ask for the key. */
  void configure(Configuration configuration) {
    for (String part : List.of("rest", "internal")) {
      String prefix = "security.ssl." + part + ".";
      configuration.setString(prefix + "enabled", "true");
      configuration.setString(prefix + "keystore", store.toString());
      configuration.setString(prefix + "keystore-password", password);
      configuration.setString(prefix + "key-password", password);
      configuration.setString(prefix + "truststore", store.toString());
      configuration.setString(prefix + "truststore-password", password);
    }
    configuration.setString("security.ssl.rest.authentication-enabled", "true");
    configuration.setString("security.ssl.algorithms", CIPHERS);
  }

  /** For a client that shows the key and trusts it. */
  SSLContext context() throws IOException {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password.toCharArray());
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, password.toCharArray());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("own", keys.getCertificate("own"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("Cannot use the key in " + store, e);
    }
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return "TlsIdentity[store=" + store + "]";
  }
}
