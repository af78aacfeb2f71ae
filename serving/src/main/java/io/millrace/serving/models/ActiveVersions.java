package io.millrace.serving.models;

import io.millrace.core.registry.Aliases;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What serves a model at this moment. Immutable: a reload makes another one, and a request keeps
 * the one that it began with.
 *
 * @param champion answers
 * @param canary answers a part of the users; null if there is none
 * @param canaryShare which part, 0 to 1
 * @param shadow is scored beside, and never answers; null if there is none
 * @param previous the champion before this one, kept for an instant way back; null at first, and
 *     when the registry has it no more
 * @param since when the champion took over
 * @param refused versions that an alias points at and that do not serve, with the reason
 * @param gone that the registry has the model no more, and until when it is served; null if it has
 */
public record ActiveVersions(
    ServedVersion champion,
    @Nullable ServedVersion canary,
    double canaryShare,
    @Nullable ServedVersion shadow,
    @Nullable ServedVersion previous,
    Instant since,
    Map<String, String> refused,
    @Nullable Gone gone) {
  private static final double BUCKETS = 1L << 32;

  public ActiveVersions {
    refused = Map.copyOf(refused);
  }

  /**
   * The version that answers a user: always the same one while canary and share stay as they are,
   * and a user who has the canary keeps it when its share grows.
   *
   * @param user any stable name; null has the champion
   */
  public ServedVersion forUser(@Nullable String user) {
    if (canary == null || user == null) {
      return champion;
    }
    CRC32C hash = new CRC32C();
    hash.update((champion.model() + '\0' + user).getBytes(StandardCharsets.UTF_8));
    return scramble(hash.getValue()) / BUCKETS < canaryShare ? canary : champion;
  }

  /** A checksum of short texts is not even: neighbours differ in few bits (MurmurHash3's end). */
  private static long scramble(long checksum) {
    long hash = checksum * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return (hash ^ (hash >>> 33)) >>> 32;
  }

  /** The same with another champion; the present one becomes the previous. */
  ActiveVersions promoted(ServedVersion next, Instant at) {
    return new ActiveVersions(
        next.by(Aliases.CHAMPION), canary, canaryShare, shadow, champion, at, refused, gone);
  }

  /** The same without a way back. */
  ActiveVersions withoutPrevious() {
    return new ActiveVersions(champion, canary, canaryShare, shadow, null, since, refused, gone);
  }

  /** The same, but that the registry has it no more. */
  ActiveVersions gone(Gone now) {
    return new ActiveVersions(champion, canary, canaryShare, shadow, previous, since, refused, now);
  }

  /** Every version that is loaded and serves, by alias. */
  public Map<String, ServedVersion> versions() {
    Map<String, ServedVersion> versions = new TreeMap<>();
    versions.put(Aliases.CHAMPION, champion);
    if (canary != null) {
      versions.put(Aliases.CANARY, canary);
    }
    if (shadow != null) {
      versions.put(Aliases.SHADOW, shadow);
    }
    return versions;
  }

  /** A version that is in memory, whether or not it serves. */
  @Nullable ServedVersion inMemory(String version, String identity) {
    if (previous != null && previous.is(version, identity)) {
      return previous;
    }
    for (ServedVersion one : versions().values()) {
      if (one.is(version, identity)) {
        return one;
      }
    }
    return null;
  }
}
