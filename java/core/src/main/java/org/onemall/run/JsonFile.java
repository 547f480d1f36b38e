package org.onemall.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Executable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of artefacts, in one form for all: names in snake_case, enums in lower case, what is
 * null left out, indented for people. Equal values give equal bytes. A name that is unknown, and
 * one that is missing though its component is not {@link Nullable}, are errors that name the file.
 */
public final class JsonFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .annotationIntrospector(new NullableIsOptional())
          .build();

  /** What a record's constructor takes must be there, unless it may be null. */
  private static final class NullableIsOptional extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
      if (member instanceof AnnotatedParameter parameter
          && parameter.getOwner().getMember() instanceof Executable constructor) {
        return !constructor.getAnnotatedParameterTypes()[parameter.getIndex()].isAnnotationPresent(
            Nullable.class);
      }
      return super.hasRequiredMarker(member);
    }
  }

  private JsonFile() {}

  /** Writes a value; the stream stays the caller's. */
  public static void write(Object value, OutputStream out) throws IOException {
    out.write(MAPPER.writeValueAsBytes(value));
  }

  /** A value as it would be written. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("can't be written as JSON: " + value.getClass(), e);
    }
  }

  /** Reads what {@link #write} wrote; a {@link JsonNode} takes any. */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    try {
      return MAPPER.readValue(file.toFile(), type);
    } catch (JacksonException e) {
      throw new IOException(
          "%s: expected a %s: %s; run its stage again"
              .formatted(file, type.getSimpleName(), e.getOriginalMessage()),
          e);
    }
  }

  /** A value as a tree, to add to. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }
}
