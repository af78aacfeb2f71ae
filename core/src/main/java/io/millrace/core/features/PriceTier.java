package io.millrace.core.features;

/** How expensive a product is, by its price in US dollars. */
public enum PriceTier {
  /** Below 50. */
  LOW("low"),
  /** From 50, below 250. */
  MEDIUM("medium"),
  /** From 250, below 1,000. */
  HIGH("high"),
  /** From 1,000. */
  LUXURY("luxury");

  private final String code;

  PriceTier(String code) {
    this.code = code;
  }

  /** The word that stands in tables. */
  public String code() {
    return code;
  }

  /**
   * The tier of a price.
   *
   * @throws IllegalArgumentException if the price is not a number
   */
  public static PriceTier of(double price) {
    if (Double.isNaN(price)) {
      throw new IllegalArgumentException("Price must be a number, but is NaN");
    }
    if (price < 50) {
      return LOW;
    }
    if (price < 250) {
      return MEDIUM;
    }
    return price < 1000 ? HIGH : LUXURY;
  }
}
