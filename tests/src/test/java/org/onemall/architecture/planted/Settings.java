package org.onemall.architecture.planted;

import java.util.List;

/** Planted: settings of which some are read, one is only checked, and one of a part isn't read. */
public record Settings(int read, int checked, int derived, List<Part> parts) {
  /** Planted: within the settings. */
  public record Part(int used, int forgotten) {}

  /** Planted: looks at a setting without using it. */
  public Settings {
    if (checked < 0) {
      throw new IllegalArgumentException("checked: " + checked);
    }
  }

  /** Planted: reads one of its own. */
  public int twice() {
    return 2 * derived;
  }

  /** Planted: reads the others. */
  static int sum(Settings settings) {
    return settings.read() + settings.parts().getFirst().used();
  }
}
