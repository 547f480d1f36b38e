package org.onemall.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * YAML before it has types: scalars are the text that was written. {@code where} is the file and
 * line of the value's key, or the override that set it.
 */
sealed interface YamlNode {
  String where();

  /** What it is, for messages. */
  String describe();

  /**
   * Text; {@code plain} where it has no quotes.
   *
   * @param folder of the file that says it, which a path in it is relative to; empty for the
   *     working folder
   */
  record Scalar(String text, boolean plain, String where, Path folder) implements YamlNode {
    /** What is said on the command line, or by a rule. */
    Scalar(String text, boolean plain, String where) {
      this(text, plain, where, Path.of(""));
    }

    @Override
    public String describe() {
      return text.isEmpty() && plain
          ? "nothing"
          : plain ? "'" + text + "'" : "the text \"" + text + "\"";
    }

    boolean isNothing() {
      return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    /** Whether a rule says what it is. */
    boolean isAuto() {
      return plain && text.equals("auto");
    }
  }

  record Sequence(List<YamlNode> items, String where) implements YamlNode {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /**
   * Keys in file order; overrides change {@code children}.
   *
   * @param optional a part of the defaults that only holds where a config names it
   */
  record Mapping(Map<String, YamlNode> children, String where, boolean optional)
      implements YamlNode {
    Mapping(Map<String, YamlNode> children, String where) {
      this(children, where, false);
    }

    @Override
    public String describe() {
      return children.isEmpty() ? "an empty mapping" : "the keys " + children.keySet();
    }
  }
}
