package org.onemall.config;

import java.util.List;

/**
 * All that is wrong with a config, one problem a line: where, what was expected, what was found.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(List<String> problems) {
    super(
        (problems.size() == 1
                ? "1 problem in the config:"
                : problems.size() + " problems in the config:")
            + "\n  "
            + String.join("\n  ", problems));
  }
}
