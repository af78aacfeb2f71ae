package io.millrace.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.StrictJson.WrongInput;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an update brings as strictly as a run's params, so that a mistyped field refuses the
 * update instead of being ignored. A replay reads it leniently: an earlier release may have
 * accepted it, and it is done already.
 */
final class StrictRequest extends JsonDeserializer<Object> implements ContextualDeserializer {

  private static final ObjectMapper LENIENT =
      JacksonJsonPayloadConverter.newDefaultObjectMapper()
          .setAnnotationIntrospector(new WithoutThis());

  private final @Nullable JavaType type;

  /** For Jackson. */
  StrictRequest() {
    this(null);
  }

  private StrictRequest(@Nullable JavaType type) {
    this.type = type;
  }

  @Override
  public JsonDeserializer<?> createContextual(
      DeserializationContext context, @Nullable BeanProperty property) {
    return new StrictRequest(context.getContextualType());
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    if (type == null) {
      throw new IllegalStateException("The type of the request is not known");
    }
    JsonNode given;
    try {
      given = StrictJson.MAPPER.readTree(parser);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The request is not JSON: " + e.getOriginalMessage(), e);
    }
    if (WorkflowUnsafe.isWorkflowThread() && WorkflowUnsafe.isReplaying()) {
      return LENIENT.treeToValue(given, type);
    }
    try {
      return StrictJson.read("", given, type.getRawClass(), defaults(type));
    } catch (WrongInput e) {
      throw new IllegalArgumentException("The request is refused: " + e.getMessage());
    }
  }

  /** A switch that is not given is off. */
  private static JsonNode defaults(JavaType type) {
    ObjectNode defaults = JsonNodeFactory.instance.objectNode();
    JsonShape.fieldsOf(type)
        .forEach(
            (name, slot) -> {
              if (slot.type().getRawClass() == boolean.class) {
                defaults.put(name, false);
              }
            });
    return defaults;
  }

  /** Reads a request's record as any other record. */
  static final class WithoutThis extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Object findDeserializer(Annotated annotated) {
      Object found = super.findDeserializer(annotated);
      return StrictRequest.class.equals(found) ? null : found;
    }
  }
}
