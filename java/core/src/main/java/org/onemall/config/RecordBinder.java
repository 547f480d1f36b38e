package org.onemall.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fills records from untyped nodes: each component says how the text under its key is read. Goes on
 * after a problem, so that all are found; a record is made only when its components have none.
 */
final class RecordBinder {
  private final List<String> problems;

  RecordBinder(List<String> problems) {
    this.problems = problems;
  }

  /** The record, or null where there were problems. */
  <T extends Record> @Nullable T bind(YamlNode node, Class<T> type) {
    return type.cast(value(node, type, ""));
  }

  /** The value, or null after a problem. */
  private @Nullable Object value(YamlNode node, Type type, String path) {
    int before = problems.size();
    Object value =
        switch (type) {
          case Class<?> c when c.isRecord() ->
              node instanceof YamlNode.Mapping mapping
                  ? record(mapping, c, path)
                  : wrongShape(node, "keys and values", path);
          case ParameterizedType p when p.getRawType() == List.class ->
              node instanceof YamlNode.Sequence sequence
                  ? list(sequence, p.getActualTypeArguments()[0], path)
                  : wrongShape(node, "a list", path);
          case ParameterizedType p when p.getRawType() == Map.class ->
              node instanceof YamlNode.Mapping mapping
                  ? map(mapping, p.getActualTypeArguments()[1], path)
                  : wrongShape(node, "keys and values", path);
          case Class<?> c ->
              node instanceof YamlNode.Scalar scalar
                  ? scalar(scalar, c, path)
                  : wrongShape(node, Scalars.expected(c), path);
          default ->
              throw new IllegalArgumentException(path + ": can't be read from YAML: " + type);
        };
    return problems.size() > before ? null : value;
  }

  private @Nullable Object wrongShape(YamlNode node, String expected, String path) {
    problem(node.where(), path, "expected " + expected + ", found " + node.describe());
    return null;
  }

  private @Nullable Object scalar(YamlNode.Scalar scalar, Class<?> type, String path) {
    try {
      return Scalars.parse(scalar, type);
    } catch (IllegalArgumentException e) {
      problem(scalar.where(), path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private List<Object> list(YamlNode.Sequence sequence, Type type, String path) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      Object value = value(sequence.items().get(i), type, path + "[" + i + "]");
      if (value != null) {
        values.add(value);
      }
    }
    return Collections.unmodifiableList(values);
  }

  private Map<String, Object> map(YamlNode.Mapping mapping, Type type, String path) {
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .children()
        .forEach((key, node) -> {
          Object value = value(node, type, child(path, key));
          if (value != null) {
            values.put(key, value);
          }
        });
    return Collections.unmodifiableMap(values);
  }

  private @Nullable Object record(YamlNode.Mapping mapping, Class<?> type, String path) {
    int before = problems.size();
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys =
        Arrays.stream(components).map(component -> Names.snakeCase(component.getName())).toList();
    mapping
        .children()
        .forEach((key, node) -> {
          if (!keys.contains(key)) {
            problem(node.where(), child(path, key), "unknown key; " + Names.suggestion(key, keys));
          }
        });
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(components[i], keys.get(i), mapping, path);
    }
    return problems.size() > before ? null : construct(type, components, values, mapping, path);
  }

  private @Nullable Object component(
      RecordComponent component, String key, YamlNode.Mapping mapping, String path) {
    YamlNode node = mapping.children().get(key);
    boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    if (optional
        && (node == null || (node instanceof YamlNode.Scalar scalar && scalar.isNothing()))) {
      return null;
    }
    if (node == null) {
      String expected = Scalars.expected(component.getType());
      problem(mapping.where(), child(path, key), "missing; expected " + expected);
      return null;
    }
    return value(node, component.getGenericType(), child(path, key));
  }

  private @Nullable Object construct(
      Class<?> type,
      RecordComponent[] components,
      @Nullable Object[] values,
      YamlNode.Mapping mapping,
      String path) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof RuntimeException complaint)) {
        throw new IllegalStateException(e);
      }
      complain(String.valueOf(complaint.getMessage()), mapping, path);
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("can't make a " + type.getName(), e);
    }
  }

  /** Constructors open their messages with the component's name, which gives us its line. */
  private void complain(String message, YamlNode.Mapping mapping, String path) {
    int colon = message.indexOf(':');
    String key = colon < 0 ? "" : Names.snakeCase(message.substring(0, colon));
    YamlNode blamed = mapping.children().get(key);
    if (blamed == null) {
      problem(mapping.where(), path, message);
    } else {
      problem(blamed.where(), child(path, key), message.substring(colon + 1).strip());
    }
  }

  private static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private void problem(String where, String path, String message) {
    problems.add(where + ": " + (path.isEmpty() ? "" : path + ": ") + message);
  }
}
