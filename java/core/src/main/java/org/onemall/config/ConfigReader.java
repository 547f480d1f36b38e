package org.onemall.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML file as the draft of a record. Keys are the components' names in snake_case;
 * components marked {@code @Nullable} may be left out. Components may be int, long, float, double,
 * boolean, String, Path, enums (lower case), records, and List and Map&lt;String, ...&gt; of those.
 * A path is relative to the file that says it; in an override, to the working folder.
 */
public final class ConfigReader {
  private ConfigReader() {}

  /**
   * Reads {@code file} with {@code overrides} ({@code a.b=value}; lists and mappings as {@code
   * [...]} and {@code {...}}) put over it.
   *
   * @throws ConfigException that names every problem
   */
  static <T extends Record> T read(Path file, List<String> overrides, Class<T> type) {
    return draft(file, Defaults.NONE, overrides, type).bind(type);
  }

  /**
   * The same, completed by {@code defaults} in all parts that {@code type} has.
   *
   * @throws ConfigException where there is no such file, or no YAML in it; other problems are told
   *     when the draft becomes a config
   */
  public static ConfigDraft draft(
      Path file, Defaults defaults, List<String> overrides, Class<? extends Record> type) {
    List<String> problems = new ArrayList<>();
    YamlNode.Mapping root = parse(file, problems);
    for (String override : overrides) {
      override(root, override, problems);
    }
    List<String> parts =
        Arrays.stream(type.getRecordComponents())
            .map(component -> Names.snakeCase(component.getName()))
            .toList();
    defaults.complete(root, parts, problems);
    return new ConfigDraft(root, problems);
  }

  private static YamlNode.Mapping parse(Path file, List<String> problems) {
    Path folder = file.getParent();
    YamlParser parser =
        new YamlParser(
            mark -> file + ":" + (mark.getLine() + 1),
            problems,
            folder == null ? Path.of("") : folder);
    YamlNode node = parser.parse(text(file));
    if (!problems.isEmpty() && node == null) {
      throw new ConfigException(problems);
    }
    if (node instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    throw new ConfigException(
        List.of(
            "%s: expected keys and values, found %s"
                .formatted(file, node == null ? "an empty file" : node.describe())));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new ConfigException(List.of(file + ": there is no such file"));
    } catch (CharacterCodingException e) {
      throw new ConfigException(List.of(file + ": expected UTF-8 text, found other bytes"));
    } catch (IOException e) {
      throw new ConfigException(List.of(file + ": can't be read: " + e));
    }
  }

  private static void override(YamlNode.Mapping root, String override, List<String> problems) {
    String where = "--set " + override;
    int equals = override.indexOf('=');
    if (equals < 1) {
      problems.add(where + ": expected name=value or part.name=value");
      return;
    }
    String[] names = override.substring(0, equals).strip().split("\\.", -1);
    Map<String, YamlNode> parent = root.children();
    for (int i = 0; i < names.length - 1; i++) {
      YamlNode child = parent.get(names[i]);
      if (child == null || (child instanceof YamlNode.Scalar scalar && scalar.isNothing())) {
        child = new YamlNode.Mapping(new LinkedHashMap<>(), where);
        parent.put(names[i], child);
      }
      if (!(child instanceof YamlNode.Mapping mapping)) {
        problems.add(
            "%s: '%s' has no keys below it, it is %s".formatted(where, names[i], child.describe()));
        return;
      }
      parent = mapping.children();
    }
    YamlNode value = value(override.substring(equals + 1).strip(), where, problems);
    if (value != null) {
      parent.put(names[names.length - 1], value);
    }
  }

  /** Only brackets and quotes make it YAML: anything else is the text itself. */
  private static @Nullable YamlNode value(String text, String where, List<String> problems) {
    return !text.isEmpty() && "[{\"'".indexOf(text.charAt(0)) >= 0
        ? new YamlParser(mark -> where, problems).parse(text)
        : new YamlNode.Scalar(text, true, where);
  }
}
