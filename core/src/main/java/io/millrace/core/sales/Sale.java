package io.millrace.core.sales;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;

/**
 * What a store sold of a product on a day; there is one such figure at a time, the newest
 * message's.
 *
 * @param store number of the store, from 1
 * @param date the day, in the years 1 to 9999
 * @param sales turnover, at least 0
 * @param customers number of customers, at least 0
 * @param open whether the store was open: 1 or 0
 * @param promo whether the store ran a promotion: 1 or 0
 * @param stateHoliday 0, or a, b or c for public holiday, Easter and Christmas
 * @param schoolHoliday whether schools were closed: "1" or "0"
 * @param productName name of the product, not blank, at most {@value #MAX_NAME} characters
 */
public record Sale(
    int store,
    LocalDate date,
    int sales,
    int customers,
    int open,
    int promo,
    String stateHoliday,
    String schoolHoliday,
    String productName) {

  /** The most characters of a product's name. */
  public static final int MAX_NAME = 255;

  private static final JsonFactory JSON = new JsonFactory();

  /** The day of the week: 1 is Monday, 7 is Sunday. */
  public int dayOfWeek() {
    return date.getDayOfWeek().getValue();
  }

  /** The message of topic {@code sale_rossman_store}: one JSON object. */
  public byte[] message() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("store", store);
      json.writeNumberField("dayofweek", dayOfWeek());
      json.writeStringField("date", date.toString());
      json.writeNumberField("sales", sales);
      json.writeNumberField("customers", customers);
      json.writeNumberField("open", open);
      json.writeNumberField("promo", promo);
      json.writeStringField("stateholiday", stateHoliday);
      json.writeNumberField("schoolholiday", Integer.parseInt(schoolHoliday));
      json.writeStringField("productname", productName);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A byte array cannot be written to", e);
    }
    return bytes.toByteArray();
  }
}
