package io.millrace.serving.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.security.RouteRole;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets a request through to its route, or refuses it: 401, 403 or 429. */
final class Access {
  private static final String BEARER = "Bearer ";

  private final @Nullable ApiKeys keys;
  private final @Nullable TokenBuckets perKey;
  private final @Nullable TokenBuckets perAddress;

  Access(AccessOptions options) {
    this.keys = options.keys() == null ? null : ApiKeys.read(options.keys());
    this.perKey = buckets(options.perKey());
    this.perAddress = buckets(options.perAddress());
  }

  private static @Nullable TokenBuckets buckets(RateLimit limit) {
    return limit.limits() ? new TokenBuckets(limit, System::nanoTime) : null;
  }

  /** Knows the route already, and has read nothing of the body. */
  void check(Context context) {
    Set<RouteRole> roles = context.routeRoles();
    if (roles.contains(Role.OPEN) || isAnsweredWithoutItsRoute(context, roles)) {
      return;
    }
    ApiKeys.@Nullable Entry client = keys == null ? null : authorized(context, keys, roles);
    if (client != null) {
      Client.hasKey(context, client.name());
    }
    if (client != null && perKey != null) {
      limit(context, perKey, client.name());
    } else if (client == null && perAddress != null) {
      limit(context, perAddress, context.req().getRemoteAddr());
    }
  }

  /** A HEAD is answered with the head of nothing; an OPTIONS asks about origins, without a key. */
  private static boolean isAnsweredWithoutItsRoute(Context context, Set<RouteRole> roles) {
    HandlerType method = context.method();
    return roles.isEmpty() && (method == HandlerType.HEAD || method == HandlerType.OPTIONS);
  }

  private static ApiKeys.Entry authorized(Context context, ApiKeys keys, Set<RouteRole> roles) {
    String key = key(context);
    ApiKeys.@Nullable Entry client = key == null ? null : keys.find(key);
    if (client == null) {
      context.header("WWW-Authenticate", "Bearer");
      throw new Problem(
          401,
          "Unauthorized",
          key == null
              ? "A key is needed: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'"
              : "The key is not known");
    }
    boolean allowed =
        roles.isEmpty()
            ? client.roles().contains(Role.PREDICT)
            : client.roles().stream().anyMatch(roles::contains);
    if (!allowed) {
      throw new Problem(
          403,
          "Forbidden",
          "The key '%s' may not do this: it has the roles %s"
              .formatted(client.name(), client.roles()));
    }
    return client;
  }

  private static @Nullable String key(Context context) {
    String authorization = context.req().getHeader("Authorization");
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    return context.req().getHeader("X-API-Key");
  }

  private static void limit(Context context, TokenBuckets buckets, String client) {
    TokenBuckets.Taken taken = buckets.take(client);
    context.header("RateLimit-Limit", Integer.toString(buckets.burst()));
    context.header("RateLimit-Remaining", Integer.toString(Math.max(0, taken.left())));
    if (taken.refused()) {
      String seconds = Long.toString((taken.waitNanos() + 999_999_999) / 1_000_000_000);
      context.header("RateLimit-Reset", seconds);
      context.header("Retry-After", seconds);
      throw new Problem(
          429,
          "Too many requests",
          "There may be %d requests at once and no more; try again in %s s"
              .formatted(buckets.burst(), seconds));
    }
  }
}
