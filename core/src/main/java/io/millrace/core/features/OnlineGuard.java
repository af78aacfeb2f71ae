package io.millrace.core.features;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The only way to write an online row: atomically, and never over a newer one.
 *
 * <p>{@link #SCRIPT} runs in Redis with the key, an update and the time to live in milliseconds;
 * {@link #merge} is the same in Java. An update is either a whole value of {@link OnlineRow}, which
 * replaces an older one; or no more than the text of an {@link OnlineVersion}, a recount, which
 * raises the count of the row if that is still the row of this very event. Since versions are
 * totally ordered, updates of whole values commute and repeating any is harmless. A recount must
 * come after the row that it is about.
 *
 * <p>What stands under the key and is no row of ours, such as a hash or any other text, counts as
 * nothing: the next row replaces it, and no writer fails at it.
 *
 * <p>A row lives from its last write, or from the last time that the same version was written
 * again.
 */
public final class OnlineGuard {
  /** Lua for Redis 3.2 and later; answers 1 if the row changed, 0 if it stays. */
  public static final String SCRIPT =
      """
      local new = ARGV[1]
      local version = string.sub(new, 1, 55)
      local old = redis.pcall('GETRANGE', KEYS[1], 0, 54)
      if type(old) == 'table' and string.find(old.err, 'WRONGTYPE', 1, true) then
        redis.call('DEL', KEYS[1])
        old = ''
      elseif type(old) == 'table' then
        return old
      elseif not string.find(old, '^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d+Z|%x+|%d+$') then
        old = ''
      end
      if #new == 55 then
        if string.sub(old, 1, 45) ~= string.sub(new, 1, 45) or old >= new then
          return 0
        end
        redis.call('SETRANGE', KEYS[1], 45, string.sub(new, 46))
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
      end
      if old == version then
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 0
      end
      if old > version then
        return 0
      end
      redis.call('SET', KEYS[1], new, 'PX', ARGV[2])
      return 1
      """;

  /** The same as the script's. */
  private static final Pattern VERSION =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d+Z\\|\\p{XDigit}+\\|\\d+");

  private OnlineGuard() {}

  /**
   * What the script leaves behind.
   *
   * @param old the stored value, or null
   * @param update a whole value, or a version alone
   * @return the value that is stored afterwards; null if there is still none
   */
  public static @Nullable String merge(@Nullable String old, String update) {
    if (update.length() == OnlineVersion.LENGTH) {
      return old == null ? null : recounted(old, update);
    }
    return old == null || !isRow(old) || version(old).compareTo(version(update)) < 0 ? update : old;
  }

  private static String recounted(String old, String version) {
    boolean sameEvent = old.startsWith(version.substring(0, OnlineVersion.EVENT_LENGTH));
    return sameEvent && version(old).compareTo(version) < 0
        ? version + old.substring(OnlineVersion.LENGTH)
        : old;
  }

  private static boolean isRow(String value) {
    return VERSION.matcher(version(value)).matches();
  }

  private static String version(String value) {
    return value.substring(0, Math.min(value.length(), OnlineVersion.LENGTH));
  }
}
