package io.millrace.core.quality;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes results in the shape of Great Expectations 1.x. */
final class QualityJson {
  private static final JsonFactory JSON = new JsonFactory();

  private QualityJson() {}

  @FunctionalInterface
  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  static String of(ExpectationResult result) {
    return write(json -> writeResult(json, result));
  }

  static String of(SuiteResult suite) {
    return write(json -> writeSuite(json, suite));
  }

  private static String write(Writing writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
    return text.toString();
  }

  private static void writeSuite(JsonGenerator json, SuiteResult suite) throws IOException {
    int evaluated = suite.results().size();
    int successful = evaluated - suite.failures().size();
    json.writeStartObject();
    json.writeBooleanField("success", suite.success());
    json.writeArrayFieldStart("results");
    for (ExpectationResult result : suite.results()) {
      writeResult(json, result);
    }
    json.writeEndArray();
    json.writeStringField("suite_name", suite.suite());
    json.writeObjectFieldStart("statistics");
    json.writeNumberField("evaluated_expectations", evaluated);
    json.writeNumberField("successful_expectations", successful);
    json.writeNumberField("unsuccessful_expectations", evaluated - successful);
    writePercent(json, "success_percent", successful, evaluated);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeResult(JsonGenerator json, ExpectationResult result) throws IOException {
    json.writeStartObject();
    json.writeBooleanField("success", result.success());
    json.writeObjectFieldStart("expectation_config");
    json.writeStringField("type", result.expectation().type());
    json.writeObjectFieldStart("kwargs");
    for (Map.Entry<String, Object> kwarg : result.expectation().kwargs().entrySet()) {
      json.writeFieldName(kwarg.getKey());
      writeValue(json, kwarg.getValue());
    }
    json.writeEndObject();
    json.writeObjectFieldStart("meta");
    json.writeStringField("table", result.table());
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("result");
    if (result.observed() instanceof ExpectationResult.Value value) {
      json.writeFieldName("observed_value");
      writeValue(json, value.value());
    } else if (result.observed() instanceof ExpectationResult.Distribution distribution) {
      json.writeFieldName("observed_value");
      writeValue(json, distribution.divergence());
      json.writeObjectFieldStart("details");
      json.writeFieldName("observed_partition");
      writeValue(json, ExpectColumnKlDivergenceToBeLessThan.partition(distribution.shares()));
      json.writeFieldName("expected_partition");
      writeValue(json, ExpectColumnKlDivergenceToBeLessThan.partition(distribution.expected()));
      json.writeEndObject();
    } else if (result.observed() instanceof ExpectationResult.ColumnMap map) {
      writeColumnMap(json, map);
    }
    json.writeEndObject();
    json.writeObjectFieldStart("meta");
    json.writeStringField("message", result.message());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeColumnMap(JsonGenerator json, ExpectationResult.ColumnMap map)
      throws IOException {
    ColumnMeasure measure = map.measure();
    json.writeNumberField("element_count", measure.elementCount());
    json.writeNumberField("unexpected_count", measure.unexpectedCount());
    writePercent(json, "unexpected_percent", measure.unexpectedCount(), map.values());
    json.writeFieldName("partial_unexpected_list");
    writeValue(json, measure.unexpectedValues());
    if (!map.countsNulls()) {
      long all = measure.elementCount();
      json.writeNumberField("missing_count", measure.missingCount());
      writePercent(json, "missing_percent", measure.missingCount(), all);
      writePercent(json, "unexpected_percent_total", measure.unexpectedCount(), all);
      writePercent(json, "unexpected_percent_nonmissing", measure.unexpectedCount(), map.values());
    }
  }

  /** A share of nothing is null. */
  private static void writePercent(JsonGenerator json, String field, long part, long whole)
      throws IOException {
    if (whole == 0) {
      json.writeNullField(field);
    } else {
      json.writeNumberField(field, 100.0 * part / whole);
    }
  }

  private static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Collection<?> values) {
      json.writeStartArray();
      for (Object element : values) {
        writeValue(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        writeValue(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number && Double.isFinite(number)) {
      json.writeNumber(number);
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else {
      json.writeString(value.toString());
    }
  }
}
