package org.onemall.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Writes records of settings; what {@link ConfigReader} reads from it is equal. Nulls are left out.
 */
public final class ConfigWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ConfigWriter() {}

  /**
   * Canonical JSON: keys in snake_case and sorted, so that equal settings give equal text. Of a
   * path only the file's name stands in it: where files lie changes nothing, what is in them is
   * hashed elsewhere.
   */
  public static String json(@Nullable Object settings) {
    try {
      return JSON.writeValueAsString(
          new Plain(TreeMap::new, false, path -> String.valueOf(path.getFileName())).of(settings));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("settings can't be written as JSON: " + settings, e);
    }
  }

  /** YAML in the order of the record's components; keys of maps are sorted. */
  public static String yaml(Record settings) {
    return dump(plain(settings));
  }

  /**
   * YAML that also says {@code null} of what is absent, so that no default comes in its place where
   * it is read again.
   *
   * @param folder that the file will lie in: paths become relative to it, but for absolute ones
   */
  public static String wholeYaml(Record settings, Path folder) {
    Path from = folder.toAbsolutePath().normalize();
    return dump(
        new Plain(
                LinkedHashMap::new,
                true,
                path ->
                    path.isAbsolute()
                        ? path.toString()
                        : from.relativize(path.toAbsolutePath().normalize()).toString())
            .of(settings));
  }

  private static String dump(@Nullable Object plain) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setAllowUnicode(true);
    return new Yaml(options).dump(plain);
  }

  /** Maps, lists, texts, numbers and booleans; keys in the order of the components. */
  public static @Nullable Object plain(@Nullable Object settings) {
    return new Plain(LinkedHashMap::new, false, Path::toString).of(settings);
  }

  /** How values become plain: the maps of records, whether they say nulls, and paths. */
  private record Plain(
      Supplier<Map<String, @Nullable Object>> newMap,
      boolean nulls,
      Function<Path, String> pathText) {
    @Nullable Object of(@Nullable Object value) {
      return switch (value) {
        case null -> null;
        case Record record -> {
          Map<String, @Nullable Object> map = newMap.get();
          for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object child = of(get(record, component));
            if (nulls || child != null) {
              map.put(Names.snakeCase(component.getName()), child);
            }
          }
          yield map;
        }
        case Map<?, ?> entries -> {
          // Records hold maps without an order, whose order differs from one process to the next.
          Map<String, @Nullable Object> map = new TreeMap<>();
          entries.forEach((key, child) -> map.put(String.valueOf(key), of(child)));
          yield map;
        }
        case List<?> items -> items.stream().map(this::of).toList();
        case Enum<?> constant -> Scalars.key(constant);
        case Path path -> pathText.apply(path);
        case String text -> text;
        case Number number -> number;
        case Boolean bool -> bool;
        default ->
            throw new IllegalArgumentException("settings can't have the type " + value.getClass());
      };
    }
  }

  private static @Nullable Object get(Record record, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("can't read " + component, e);
    }
  }
}
