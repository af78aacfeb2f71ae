package io.millrace.core.events;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What makes two events the same event, wherever they come from.
 *
 * <p>SHA-256 over the UTF-8 text {@code productId|eventTime|userId|eventType|userSession}, the time
 * as {@code DateTimeFormatter.ISO_INSTANT} prints it: {@code 2019-10-01T00:00:00Z}, with three or
 * six digits of fraction where there is one. The session comes last, so that nothing in it can be
 * taken for another field. Price, brand and category are not part of it: a corrected price is still
 * the same event.
 */
public final class EventIdentity {
  private static final MessageDigest PROTOTYPE = prototype();

  private EventIdentity() {}

  /** The identity as 32 bytes. */
  public static byte[] of(Event event) {
    JsonBytes text = new JsonBytes(128);
    text.number(event.productId()).ascii('|');
    EventTime.writeIsoInstant(text, event.eventTime());
    text.ascii('|').number(event.userId()).ascii('|').ascii(event.eventType().code()).ascii('|');
    text.raw(event.userSession().getBytes(StandardCharsets.UTF_8));
    try {
      // The prototype is never fed, so that any number of threads can clone it.
      return ((MessageDigest) PROTOTYPE.clone()).digest(text.toBytes());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of this JDK cannot be cloned", e);
    }
  }

  /** The identity as 64 lower-case hexadecimal digits. */
  public static String hex(Event event) {
    return HexFormat.of().formatHex(of(event));
  }

  private static MessageDigest prototype() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA-256", e);
    }
  }
}
