package io.millrace.core.registry;

/** A rule of the {@link ModelRegistry} forbids a change. Nothing has been changed. */
public final class PromotionRefusedException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final Rule rule;

  /** The rules. */
  public enum Rule {
    /** A version serves all users only if it passed the gate, or a person forces it. */
    GATE("Gate not passed"),
    /** A version serves only if it predicts as it did when it was trained. */
    GOLDEN_BATCH("Version refused"),
    /** A version replaces only the champion that it was compared with. */
    COMPARISON("Champion has changed"),
    /** A rollback needs a version that served before. */
    PREVIOUS("Nothing to roll back to"),
    /** A share needs a canary. */
    CANARY("No canary");

    private final String title;

    Rule(String title) {
      this.title = title;
    }

    /** A short title, the same for every refusal by this rule. */
    public String title() {
      return title;
    }
  }

  /** Says what was refused, why, and what to do. */
  public PromotionRefusedException(Rule rule, String message) {
    super(message);
    this.rule = rule;
  }

  public PromotionRefusedException(Rule rule, String message, Throwable cause) {
    super(message, cause);
    this.rule = rule;
  }

  /** Which rule forbids it. */
  public Rule rule() {
    return rule;
  }
}
