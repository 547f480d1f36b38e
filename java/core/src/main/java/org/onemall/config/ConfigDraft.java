package org.onemall.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A config before its values have types: what a file says, completed by the defaults, with the
 * overrides over both. Some settings may be {@code auto}, until rules say what that is.
 */
public final class ConfigDraft {
  private final YamlNode.Mapping root;
  private final List<String> problems;

  ConfigDraft(YamlNode.Mapping root, List<String> problems) {
    this.root = root;
    this.problems = List.copyOf(problems);
  }

  /** A config, and what stands in it for each key that was {@code auto}. */
  public record Resolved<T extends Record>(T config, Map<String, String> chosen) {}

  /**
   * The config as it stands.
   *
   * @throws ConfigException that names every problem
   */
  public <T extends Record> T bind(Class<T> type) {
    return resolve(Map.of(), type).config();
  }

  /**
   * The config with a value for each setting that is {@code auto} and has a rule.
   *
   * @param rules by whole key, such as {@code codebook.sizes}
   * @throws ConfigException that names every problem
   */
  public <T extends Record> Resolved<T> resolve(Map<String, Rule> rules, Class<T> type) {
    List<String> found = new ArrayList<>(problems);
    Values values = new Values(rules, found);
    YamlNode resolved = values.resolved(root, "");
    T config = new RecordBinder(found).bind(resolved, type);
    if (config == null || !found.isEmpty()) {
      throw new ConfigException(found);
    }
    return new Resolved<>(config, values.chosen);
  }

  /** Puts values in place of {@code auto}, and answers the rules' questions. */
  private final class Values implements Rule.Settings {
    private final Map<String, Rule> rules;
    private final List<String> problems;
    private final Map<String, String> chosen = new TreeMap<>();

    Values(Map<String, Rule> rules, List<String> problems) {
      this.rules = rules;
      this.problems = problems;
    }

    /** A copy of the tree. */
    YamlNode resolved(YamlNode node, String path) {
      return switch (node) {
        case YamlNode.Scalar scalar when scalar.isAuto() && rules.containsKey(path) ->
            parsed(value(path), path, scalar);
        case YamlNode.Mapping mapping -> {
          Map<String, YamlNode> children = new LinkedHashMap<>();
          mapping
              .children()
              .forEach((key, child) ->
                  children.put(key, resolved(child, path.isEmpty() ? key : path + "." + key)));
          yield new YamlNode.Mapping(children, mapping.where());
        }
        default -> node;
      };
    }

    private YamlNode parsed(String value, String path, YamlNode.Scalar auto) {
      String where = "%s (auto is %s)".formatted(auto.where(), value);
      YamlNode node = new YamlParser(mark -> where, problems).parse(value);
      if (node == null) {
        throw new IllegalStateException("the rule of " + path + " gives no YAML: " + value);
      }
      return node;
    }

    private String value(String path) {
      String known = chosen.get(path);
      if (known != null) {
        return known;
      }
      Rule rule = rules.get(path);
      if (rule == null) {
        throw new IllegalStateException("there is no rule for " + path);
      }
      String value = rule.value(this);
      chosen.put(path, value);
      return value;
    }

    @Override
    public String text(String key) {
      YamlNode node = root;
      for (String name : key.split("\\.", -1)) {
        node =
            node instanceof YamlNode.Mapping mapping && mapping.children().containsKey(name)
                ? mapping.children().get(name)
                : new YamlNode.Scalar("", true, "");
      }
      if (!(node instanceof YamlNode.Scalar scalar)) {
        return "";
      }
      return scalar.isAuto() && rules.containsKey(key) ? value(key) : scalar.text();
    }

    @Override
    public double number(String key) {
      try {
        return Double.parseDouble(text(key).replace("_", ""));
      } catch (NumberFormatException e) {
        return 1;
      }
    }
  }
}
