package org.onemall.config;

/**
 * What stands for a setting that is {@code auto}: the text that a config would have in its place.
 */
@FunctionalInterface
public interface Rule {
  /** The value; {@code null} as text where nothing stands for it. */
  String value(Settings others);

  /** Other settings of the same config, those that are {@code auto} by their rules. */
  interface Settings {
    /** The text of the setting of that whole key, such as {@code sample.target_behavior}. */
    String text(String key);

    /** A number; 1 where it is none, which the config's own check then says. */
    double number(String key);
  }
}
