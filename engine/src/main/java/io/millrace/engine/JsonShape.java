package io.millrace.engine;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.StrictJson.WrongInput;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Compares a JSON value with the type that it is for, and fills in what was left out.
 *
 * <p>Records, lists, maps and optional values are looked into at any depth. A type with a
 * deserializer of its own is left to Jackson. A field may be null if its component is annotated
 * {@code @Nullable}, is optional, or has the default null. A field that is left out has its
 * default, also inside a record of which only some fields are given.
 */
final class JsonShape {

  private JsonShape() {}

  /**
   * Where a value goes.
   *
   * @param type its type
   * @param annotated the same as it is written in the code, or null if that is not known
   * @param nullable whether it may be null
   */
  record Slot(JavaType type, @Nullable AnnotatedType annotated, boolean nullable) {

    static Slot of(JavaType type) {
      return new Slot(type, null, false);
    }

    private static Slot of(JavaType type, @Nullable AnnotatedType annotated) {
      return new Slot(type, annotated, annotated != null && isNullable(annotated));
    }

    /** The place of an element of a list, a map's value or what an optional holds. */
    private Slot content() {
      AnnotatedType inner = null;
      if (annotated instanceof AnnotatedParameterizedType parameterized) {
        AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
        inner = arguments[arguments.length - 1];
      } else if (annotated instanceof AnnotatedArrayType array) {
        inner = array.getAnnotatedGenericComponentType();
      }
      return of(type.getContentType(), inner);
    }
  }

  /**
   * Checks a value.
   *
   * @param defaults the default of the value, or null if it has none
   * @return the value, with the defaults of what was left out
   * @throws WrongInput if it does not fit
   */
  static JsonNode complete(String path, JsonNode given, Slot slot, @Nullable JsonNode defaults) {
    JavaType type = slot.type();
    if (given.isNull()) {
      if (slot.nullable() || (defaults != null && defaults.isNull()) || isOptional(type)) {
        return given;
      }
      throw new WrongInput(
          "%s must be %s, but is null; leave it out for its default"
              .formatted(path, JsonScalars.words(type)));
    }
    if (type.isReferenceType()) {
      return complete(path, given, slot.content(), null);
    } else if (JsonScalars.isScalar(type)) {
      JsonScalars.check(path, given, type);
      return given;
    } else if (type.isCollectionLikeType() || type.isArrayType()) {
      return elements(path, given, slot);
    } else if (type.isMapLikeType()) {
      return entries(path, given, slot);
    } else if (isPlainRecord(type)) {
      return fields(path, given, slot, defaults);
    }
    return other(path, given, slot);
  }

  private static JsonNode elements(String path, JsonNode given, Slot slot) {
    if (!given.isArray()) {
      throw wrong(path, given, "a list");
    }
    ArrayNode complete = JsonNodeFactory.instance.arrayNode();
    Slot content = slot.content();
    for (int i = 0; i < given.size(); i++) {
      complete.add(complete("%s[%d]".formatted(path, i), given.get(i), content, null));
    }
    return complete;
  }

  private static JsonNode entries(String path, JsonNode given, Slot slot) {
    if (!given.isObject()) {
      throw wrong(path, given, "an object");
    }
    ObjectNode complete = JsonNodeFactory.instance.objectNode();
    Slot content = slot.content();
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      complete.set(
          entry.getKey(),
          complete(StrictJson.join(path, entry.getKey()), entry.getValue(), content, null));
    }
    return complete;
  }

  private static JsonNode fields(
      String path, JsonNode given, Slot slot, @Nullable JsonNode defaults) {
    Map<String, Slot> known = fieldsOf(slot.type());
    if (!(given instanceof ObjectNode object)) {
      throw wrong(path, given, "an object with the fields " + known.keySet());
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!known.containsKey(field.getKey())) {
        throw new WrongInput(
            "there is no field '%s'; the fields are %s"
                .formatted(StrictJson.join(path, field.getKey()), known.keySet()));
      }
    }
    ObjectNode complete = JsonNodeFactory.instance.objectNode();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Slot> field : known.entrySet()) {
      String name = field.getKey();
      String at = StrictJson.join(path, name);
      JsonNode base = defaults == null || !defaults.isObject() ? null : defaults.get(name);
      if (object.has(name)) {
        complete.set(name, complete(at, object.get(name), field.getValue(), base));
      } else if (base != null) {
        complete.set(name, base);
      } else if (field.getValue().type().isPrimitive()) {
        throw missing(at, field.getValue());
      } else if (!field.getValue().nullable() && !isOptional(field.getValue().type())) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      requireDefaults(path, complete, slot, missing, known);
    }
    return complete;
  }

  /** A field without a default may be left out if the record's constructor supplies one. */
  private static void requireDefaults(
      String path, ObjectNode complete, Slot slot, List<String> missing, Map<String, Slot> known) {
    for (String name : missing) {
      boolean supplied;
      try {
        Object made = StrictJson.MAPPER.treeToValue(complete, slot.type());
        supplied = !StrictJson.MAPPER.valueToTree(made).path(name).isNull();
      } catch (Exception e) {
        supplied = false;
      }
      if (!supplied) {
        throw missing(StrictJson.join(path, name), known.get(name));
      }
    }
  }

  private static WrongInput missing(String path, @Nullable Slot slot) {
    return new WrongInput(
        "%s is missing; it must be %s"
            .formatted(path, slot == null ? "given" : JsonScalars.words(slot.type())));
  }

  /** A type that Jackson alone knows how to read. */
  private static JsonNode other(String path, JsonNode given, Slot slot) {
    Class<?> raw = slot.type().getRawClass();
    if (raw == Object.class || JsonNode.class.isAssignableFrom(raw)) {
      return given;
    }
    String typeId = typeIdOf(slot.type());
    if (typeId != null && given instanceof ObjectNode object) {
      return subtype(path, object, slot, typeId);
    }
    StrictJson.decode(path, given, slot);
    return given;
  }

  /** A record of one of several types, which a field distinguishes. */
  private static JsonNode subtype(String path, ObjectNode given, Slot slot, String typeId) {
    DeserializationConfig config = StrictJson.MAPPER.getDeserializationConfig();
    Map<String, Class<?>> named = new LinkedHashMap<>();
    config
        .getSubtypeResolver()
        .collectAndResolveSubtypesByTypeId(
            config, config.introspectClassAnnotations(slot.type()).getClassInfo())
        .stream()
        .filter(type -> type.getName() != null && type.getType() != slot.type().getRawClass())
        .forEach(type -> named.put(type.getName(), type.getType()));
    Class<?> actual = named.get(given.path(typeId).asText());
    if (actual == null && given.has(typeId) && !named.isEmpty()) {
      throw wrong(StrictJson.join(path, typeId), given.get(typeId), "one of " + named.keySet());
    }
    if (actual == null || !actual.isRecord()) {
      StrictJson.decode(path, given, slot);
      return given;
    }
    ObjectNode own = given.deepCopy();
    own.remove(typeId);
    Slot exact = Slot.of(StrictJson.MAPPER.constructType(actual));
    ObjectNode complete = (ObjectNode) fields(path, own, exact, null);
    complete.set(typeId, given.get(typeId));
    return complete;
  }

  private static @Nullable String typeIdOf(JavaType type) {
    JsonTypeInfo info =
        StrictJson.MAPPER
            .getDeserializationConfig()
            .introspectClassAnnotations(type)
            .getClassAnnotations()
            .get(JsonTypeInfo.class);
    if (info == null) {
      return null;
    }
    return info.property().isEmpty() ? info.use().getDefaultPropertyName() : info.property();
  }

  /** Whether Jackson reads the record field by field, by its canonical constructor. */
  private static boolean isPlainRecord(JavaType type) {
    if (!type.getRawClass().isRecord()) {
      return false;
    }
    DeserializationConfig config = StrictJson.MAPPER.getDeserializationConfig();
    BeanDescription bean = config.introspect(type);
    var annotations = config.getAnnotationIntrospector();
    return typeIdOf(type) == null
        && annotations.findDeserializer(bean.getClassInfo()) == null
        && bean.findJsonValueAccessor() == null
        && bean.getFactoryMethods().stream().noneMatch(method -> isCreator(config, method));
  }

  private static boolean isCreator(DeserializationConfig config, AnnotatedMethod method) {
    return config.getAnnotationIntrospector().findCreatorAnnotation(config, method) != null;
  }

  /** A record's fields by their names in JSON. */
  static Map<String, Slot> fieldsOf(JavaType type) {
    BeanDescription bean = StrictJson.MAPPER.getDeserializationConfig().introspect(type);
    Map<String, BeanPropertyDefinition> properties = new LinkedHashMap<>();
    bean.findProperties().forEach(property -> properties.put(property.getInternalName(), property));
    Map<String, Slot> fields = new LinkedHashMap<>();
    for (RecordComponent component : type.getRawClass().getRecordComponents()) {
      BeanPropertyDefinition property = properties.get(component.getName());
      if (property != null) {
        JavaType fieldType = property.getPrimaryType();
        boolean nullable =
            isNullable(component)
                || isNullable(component.getAccessor())
                || isNullable(component.getAnnotatedType());
        fields.put(property.getName(), new Slot(fieldType, component.getAnnotatedType(), nullable));
      }
    }
    return fields;
  }

  /** Any annotation of that name counts: there are many. */
  private static boolean isNullable(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .anyMatch(
            annotation ->
                annotation.annotationType().getSimpleName().equals("Nullable")
                    || annotation.annotationType().getSimpleName().equals("CheckForNull"));
  }

  private static boolean isOptional(JavaType type) {
    Class<?> raw = type.getRawClass();
    return type.isReferenceType()
        || raw == OptionalInt.class
        || raw == OptionalLong.class
        || raw == OptionalDouble.class
        || raw == Object.class
        || JsonNode.class.isAssignableFrom(raw);
  }

  private static WrongInput wrong(String path, JsonNode given, String words) {
    return new WrongInput(
        "%s must be %s, but is %s"
            .formatted(path.isEmpty() ? "the input" : path, words, StrictJson.show(given)));
  }
}
