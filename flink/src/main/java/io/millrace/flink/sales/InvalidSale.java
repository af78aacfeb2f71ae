package io.millrace.flink.sales;

/** A message for the invalid topic. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record InvalidSale(byte[] value) {}
