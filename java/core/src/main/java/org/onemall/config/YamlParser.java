package org.onemall.config;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * YAML text to untyped nodes. Only SnakeYAML's node layer is used: its typed layer takes duplicate
 * keys and reads {@code no}, {@code 010} and {@code 1:30} as false, 8 and 90.
 */
final class YamlParser {
  /** What marks a part of the defaults that only holds where a config names it. */
  private static final String OPTIONAL = "!optional";

  private final Function<Mark, String> where;
  private final List<String> problems;
  private final Path folder;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Problems that the text has are added to {@code problems}. */
  YamlParser(Function<Mark, String> where, List<String> problems) {
    this(where, problems, Path.of(""));
  }

  /** The same for a file in a folder, which its paths are relative to. */
  YamlParser(Function<Mark, String> where, List<String> problems, Path folder) {
    this.where = where;
    this.problems = problems;
    this.folder = folder;
  }

  /** The text's one document, or null where it is empty or can't be parsed. */
  @Nullable YamlNode parse(String text) {
    try {
      Node node = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      return node == null ? null : convert(node, at(node));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      problems.add((mark == null ? "" : where.apply(mark) + ": ") + "not YAML: " + e.getProblem());
    } catch (YAMLException e) {
      problems.add("not YAML: " + e.getMessage());
    }
    return null;
  }

  private String at(Node node) {
    return where.apply(node.getStartMark());
  }

  private YamlNode convert(Node node, String at) {
    boolean optional = node instanceof MappingNode && node.getTag().getValue().equals(OPTIONAL);
    if (!optional && !node.getTag().getValue().startsWith("tag:yaml.org,2002:")) {
      problems.add(at + ": expected no tag, found " + node.getTag().getValue());
    }
    if (!open.add(node)) {
      problems.add(at + ": this alias stands inside its own anchor");
      return new YamlNode.Scalar("", true, at);
    }
    YamlNode converted =
        switch (node) {
          case MappingNode mapping -> mapping(mapping, at, optional);
          case SequenceNode sequence -> {
            List<YamlNode> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(convert(item, at(item))));
            yield new YamlNode.Sequence(items, at);
          }
          case ScalarNode scalar ->
              new YamlNode.Scalar(
                  scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN, at, folder);
          default -> throw new IllegalStateException("unknown YAML node " + node);
        };
    open.remove(node);
    return converted;
  }

  private YamlNode mapping(MappingNode mapping, String at, boolean optional) {
    Map<String, YamlNode> children = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      String keyAt = at(entry.getKeyNode());
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.add(keyAt + ": expected a name as key, found a list or mapping");
        continue;
      }
      YamlNode first = children.get(key.getValue());
      if (first != null) {
        problems.add(
            "%s: duplicate key '%s', first at %s; keep one of them"
                .formatted(keyAt, key.getValue(), first.where()));
        continue;
      }
      children.put(key.getValue(), convert(entry.getValueNode(), keyAt));
    }
    return new YamlNode.Mapping(children, at, optional);
  }
}
