package io.millrace.flink.sales;

/**
 * A row of {@code sales.rossman_sales}: a {@link io.millrace.core.sales.Sale} and where its message
 * stands.
 *
 * @param epochDay the date, in days since 1970-01-01
 * @param timestampMillis the message's time
 * @param offset the message's offset in its partition; all of a store are in one
 */
public record SaleRow(
    int store,
    long epochDay,
    int sales,
    int customers,
    int open,
    int promo,
    String stateHoliday,
    String schoolHoliday,
    String productName,
    long timestampMillis,
    long offset) {}
