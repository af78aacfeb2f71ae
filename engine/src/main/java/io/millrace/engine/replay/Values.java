package io.millrace.engine.replay;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.google.protobuf.ByteString;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values as JSON, with every digit of their numbers. */
final class Values {

  /** The only field of an object that stands for a set, whose order differs between two JVMs. */
  static final String SET = "\u0000set";

  private static final ObjectMapper EXACT =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final ObjectMapper WRITER =
      JacksonJsonPayloadConverter.newDefaultObjectMapper()
          .registerModule(new SimpleModule().setSerializerModifier(new MarkSets()));

  private Values() {}

  /**
   * Parses JSON.
   *
   * @throws UncheckedIOException if it is none
   */
  static JsonNode parse(ByteString json) {
    try {
      return EXACT.readTree(json.newInput());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A value as the SDK's own converter writes it, with {@link #SET sets} marked.
   *
   * @throws IllegalArgumentException if it cannot be written so
   */
  static JsonNode tree(@Nullable Object value) {
    try {
      return EXACT.readTree(WRITER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class MarkSets extends BeanSerializerModifier {
    private static final long serialVersionUID = 1;

    @Override
    @SuppressWarnings("unchecked") // Jackson's own signature says nothing of the type
    public JsonSerializer<?> modifyCollectionSerializer(
        SerializationConfig config,
        CollectionType type,
        BeanDescription description,
        JsonSerializer<?> serializer) {
      return Set.class.isAssignableFrom(type.getRawClass())
          ? new MarkedSet((JsonSerializer<Object>) serializer)
          : serializer;
    }
  }

  /** Writes a set as an object that holds its array. */
  private static final class MarkedSet extends JsonSerializer<Object>
      implements ContextualSerializer {

    private final JsonSerializer<Object> array;

    private MarkedSet(JsonSerializer<Object> array) {
      this.array = array;
    }

    @Override
    @SuppressWarnings("unchecked") // the same serializer, made for the property
    public JsonSerializer<?> createContextual(
        SerializerProvider provider, @Nullable BeanProperty property) throws JsonMappingException {
      return new MarkedSet(
          (JsonSerializer<Object>) provider.handleSecondaryContextualization(array, property));
    }

    @Override
    public boolean isEmpty(SerializerProvider provider, Object value) {
      return array.isEmpty(provider, value);
    }

    @Override
    public void serialize(Object value, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      to.writeStartObject();
      to.writeFieldName(SET);
      array.serialize(value, to, provider);
      to.writeEndObject();
    }

    @Override
    public void serializeWithType(
        Object value, JsonGenerator to, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      array.serializeWithType(value, to, provider, type);
    }
  }
}
