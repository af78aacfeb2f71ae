package io.millrace.core.registry;

/** The aliases of a registered model. No other code names them. */
public final class Aliases {
  /** The version that serves, and that the next training is compared with. */
  public static final String CHAMPION = "champion";

  /** Always the champion too: older clients read this alias. */
  public static final String CURRENT = "current";

  /** The best version that a gate has found so far; the champion may be a little worse. */
  public static final String BEST = "best";

  /** Serves a share of the users. */
  public static final String CANARY = "canary";

  /** Is scored and logged, and never answers. */
  public static final String SHADOW = "shadow";

  private Aliases() {}
}
