package org.onemall.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Text to what a record component wants of it, and nothing by guess. */
final class Scalars {
  private static final String WHOLE = "[+-]?(0|[1-9][0-9_]*)";
  private static final String DECIMAL =
      "[+-]?(0|[1-9][0-9_]*|(?=\\.[0-9]))(\\.[0-9]*)?([eE][+-]?[0-9]+)?";

  private Scalars() {}

  /**
   * Reads a scalar.
   *
   * @throws IllegalArgumentException that says what was expected and what was found
   */
  static Object parse(YamlNode.Scalar scalar, Class<?> type) {
    String text = scalar.text();
    if (type == String.class) {
      require(!(scalar.plain() && text.isEmpty()), scalar, type);
      return text;
    }
    if (type == Path.class) {
      require(!text.isBlank() && text.indexOf('\0') < 0, scalar, type);
      return scalar.folder().resolve(text).normalize();
    }
    if (type.isEnum()) {
      return constant(scalar, type);
    }
    require(scalar.plain(), scalar, type);
    if (type == boolean.class || type == Boolean.class) {
      require(text.equals("true") || text.equals("false"), scalar, type);
      return text.equals("true");
    }
    try {
      return number(scalar, type);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(complaint(scalar, type), e);
    }
  }

  private static Object number(YamlNode.Scalar scalar, Class<?> type) {
    boolean whole =
        type == int.class || type == Integer.class || type == long.class || type == Long.class;
    require(scalar.text().matches(whole ? WHOLE : DECIMAL), scalar, type);
    String digits = scalar.text().replace("_", "");
    if (type == int.class || type == Integer.class) {
      return Integer.parseInt(digits);
    }
    if (whole) {
      return Long.parseLong(digits);
    }
    if (type == float.class || type == Float.class) {
      require(Float.isFinite(Float.parseFloat(digits)), scalar, type);
      return Float.parseFloat(digits);
    }
    if (type == double.class || type == Double.class) {
      require(Double.isFinite(Double.parseDouble(digits)), scalar, type);
      return Double.parseDouble(digits);
    }
    throw new IllegalStateException("settings can't have the type " + type);
  }

  private static Object constant(YamlNode.Scalar scalar, Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (key(constant).equals(scalar.text())) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        complaint(scalar, type) + "; " + Names.suggestion(scalar.text(), keys(type)));
  }

  /** The text of an enum constant in a config. */
  static String key(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
  }

  private static List<String> keys(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(Scalars::key).toList();
  }

  private static void require(boolean holds, YamlNode.Scalar scalar, Class<?> type) {
    if (!holds) {
      throw new IllegalArgumentException(complaint(scalar, type));
    }
  }

  private static String complaint(YamlNode.Scalar scalar, Class<?> type) {
    return "expected " + expected(type) + ", found " + scalar.describe();
  }

  /** What a value of this type looks like, for messages. */
  static String expected(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number (32 bits, no leading zeros)";
    }
    if (type == long.class || type == Long.class) {
      return "a whole number (64 bits, no leading zeros)";
    }
    if (type == float.class
        || type == Float.class
        || type == double.class
        || type == Double.class) {
      return "a finite number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", keys(type));
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == String.class) {
      return "a text (\"\" for an empty one)";
    }
    return type == List.class
        ? "a list"
        : type == Map.class || type.isRecord() ? "keys and values" : type.getSimpleName();
  }
}
