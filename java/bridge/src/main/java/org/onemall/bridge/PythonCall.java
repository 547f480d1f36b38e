package org.onemall.bridge;

import java.util.Locale;

/** The calls that exist: the keys of {@code CALLS} in {@code bridge.py}. */
enum PythonCall {
  VERSIONS,
  ECHO,
  OPEN,
  FEED,
  STEP,
  INFER,
  SAVE,
  LOAD,
  COPY,
  CLOSE;

  /** The name on the Python side. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
