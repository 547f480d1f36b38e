package org.onemall.model;

import java.util.Locale;

/** Where networks run; {@link #AUTO} takes a GPU where there is one. */
public enum Device {
  AUTO,
  CPU,
  CUDA;

  /** The name in configs and on the Python side. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
