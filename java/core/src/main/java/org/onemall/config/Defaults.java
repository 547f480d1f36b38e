package org.onemall.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The complete config that every other one is read over, key by key: mappings are merged, lists and
 * values replaced. {@code null} there says that a key has no value of its own, and a part that is
 * marked {@code !optional} only holds where a config names it, be it as {@code {}}.
 *
 * @param name for messages
 */
public record Defaults(String name, String yaml) {
  /** Nothing: a config says everything itself. */
  public static final Defaults NONE = new Defaults("no defaults", "{}");

  /** Completes {@code root} in those of its parts that are in {@code parts}. */
  void complete(YamlNode.Mapping root, Collection<String> parts, List<String> problems) {
    YamlParser parser = new YamlParser(mark -> name + ":" + (mark.getLine() + 1), problems);
    if (parser.parse(yaml) instanceof YamlNode.Mapping defaults) {
      defaults.children().keySet().retainAll(parts);
      complete(root, defaults);
    }
  }

  private static void complete(YamlNode.Mapping own, YamlNode.Mapping defaults) {
    defaults
        .children()
        .forEach((key, standard) -> {
          YamlNode found = own.children().get(key);
          if (found == null) {
            YamlNode inherited = inherited(standard);
            if (inherited != null) {
              own.children().put(key, inherited);
            }
          } else if (found instanceof YamlNode.Mapping part
              && standard instanceof YamlNode.Mapping standardPart) {
            complete(part, standardPart);
          }
        });
  }

  /** What a config has that says nothing of it; null for nothing. */
  private static @Nullable YamlNode inherited(YamlNode standard) {
    return switch (standard) {
      case YamlNode.Mapping mapping when mapping.optional() -> null;
      case YamlNode.Mapping mapping -> {
        Map<String, YamlNode> children = new LinkedHashMap<>();
        mapping
            .children()
            .forEach((key, child) -> {
              YamlNode inherited = inherited(child);
              if (inherited != null) {
                children.put(key, inherited);
              }
            });
        yield new YamlNode.Mapping(children, mapping.where());
      }
      case YamlNode.Scalar scalar -> scalar.isNothing() ? null : scalar;
      case YamlNode.Sequence sequence -> sequence;
    };
  }
}
