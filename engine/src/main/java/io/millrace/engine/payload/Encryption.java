package io.millrace.engine.payload;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts every payload with AES-256-GCM under a random nonce. The tag also covers the encoding
 * and the id of the key, so that neither can be exchanged.
 */
final class Encryption extends EachPayload {

  static final String ENCODING = "binary/millrace-aes-gcm";

  private static final String KEY_ID = "millrace-key-id";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final @Nullable EncryptionKeys keys;

  /** Without keys it encrypts nothing, and says so of what it cannot decrypt. */
  Encryption(@Nullable EncryptionKeys keys) {
    this.keys = keys;
  }

  @Override
  Payload encode(Payload payload) {
    if (keys == null) {
      return payload;
    }
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    String id = keys.currentId();
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keys.currentKey(), nonce, id);
      byte[] encrypted = cipher.doFinal(payload.toByteArray());
      return Envelope.of(
          ENCODING,
          Map.of(KEY_ID, id),
          ByteString.copyFrom(nonce).concat(ByteString.copyFrom(encrypted)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + CIPHER, e);
    }
  }

  @Override
  Payload decode(Payload payload) {
    if (!Envelope.is(payload, ENCODING)) {
      return payload;
    }
    Envelope.requireKnownVersion(payload);
    return Envelope.open(decrypt(payload), "encrypted");
  }

  private byte[] decrypt(Payload payload) {
    String id = Envelope.field(payload, KEY_ID);
    SecretKey key = key(id);
    ByteString data = payload.getData();
    if (data.size() < NONCE_BYTES + TAG_BITS / 8) {
      throw new UnreadablePayloadException(
          "A payload encrypted with key '%s' was cut short to %d bytes".formatted(id, data.size()));
    }
    byte[] nonce = data.substring(0, NONCE_BYTES).toByteArray();
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, id);
      return cipher.doFinal(data.substring(NONCE_BYTES).toByteArray());
    } catch (AEADBadTagException e) {
      throw new UnreadablePayloadException(
          ("A payload encrypted with key '%s' cannot be decrypted with the key of that id here: it"
                  + " was damaged, or the id stands for another key where it was written. Compare"
                  + " payloads.encryption-keys of both.")
              .formatted(id),
          e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every JDK has " + CIPHER, e);
    }
  }

  private SecretKey key(String id) {
    if (keys == null) {
      throw new UnreadablePayloadException(
          ("A payload is encrypted with key '%s', and no keys are set here: set"
                  + " payloads.encryption-keys and payloads.encryption-key-id")
              .formatted(id));
    }
    return keys.find(id)
        .orElseThrow(
            () ->
                new UnreadablePayloadException(
                    ("A payload is encrypted with key '%s', which is not among the keys here (%s):"
                            + " add it to payloads.encryption-keys")
                        .formatted(id, keys.ids())));
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String id)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((ENCODING + "\n" + id).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
