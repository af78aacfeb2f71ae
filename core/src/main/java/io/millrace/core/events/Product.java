package io.millrace.core.events;

import org.jspecify.annotations.Nullable;

/**
 * A product of the synthetic shop.
 *
 * @param brandAppeal how readily the brand is bought, in log-odds
 * @param priceLevel logarithm of the price, standardised: 0 at about 100 dollars, 1 at about 270
 */
record Product(
    long id,
    Department department,
    @Nullable String brand,
    double brandAppeal,
    double price,
    double priceLevel) {

  /**
   * A category of the synthetic shop.
   *
   * @param code dotted code, or null: in the real data, too, whole categories have none
   * @param appeal how readily its products are bought, in log-odds
   * @param homely whether it is bought at weekends rather than on working days
   */
  record Department(long categoryId, @Nullable String code, double appeal, boolean homely) {}
}
