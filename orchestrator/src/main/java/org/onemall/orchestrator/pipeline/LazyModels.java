package org.onemall.orchestrator.pipeline;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.onemall.bridge.PythonModels;
import org.onemall.model.Models;

/** Starts the networks' side when the first stage asks for it, and no earlier. */
public final class LazyModels implements AutoCloseable {
  private final Supplier<Models> start;
  private @Nullable Models models;

  public LazyModels(Supplier<Models> start) {
    this.start = start;
  }

  Models get() {
    if (models == null) {
      models = start.get();
    }
    return models;
  }

  /** Versions of the other side, where it was started. */
  Map<String, String> versions() {
    return models instanceof PythonModels python ? python.versions() : Map.of();
  }

  @Override
  public void close() {
    if (models instanceof PythonModels python) {
      python.close();
    }
  }
}
