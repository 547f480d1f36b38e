package org.onemall.bridge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.onemall.model.Device;
import org.onemall.model.Model;
import org.onemall.model.Models;

/**
 * Networks in the embedded Python. Closing this closes Python, and with it every network that is
 * still open. Safe for use by many threads, whose calls are made one after the other.
 */
public final class PythonModels implements Models, AutoCloseable {
  private final Python python;
  private final Device device;
  private final int threads;

  private PythonModels(Python python, Device device, int threads) {
    this.python = python;
    this.device = device;
    this.threads = threads;
  }

  /**
   * Starts Python, which takes about a second; the first network that is opened imports torch,
   * which takes three more.
   *
   * @param venv folder of the virtual environment; a process can use only one
   * @param threads of torch at most, 0 for its own choice; a small network gets one
   */
  public static PythonModels start(Path venv, Device device, int threads) {
    return new PythonModels(new Python(new Venv(venv)), device, threads);
  }

  @Override
  public Model open(Kind kind, Object config, long seed) {
    return open(kind.key(), config, seed);
  }

  /** Opens a network by its name on the Python side. */
  Model open(String kind, Object config, long seed) {
    ObjectNode request = Json.object();
    request.put("kind", kind).put("seed", seed).set("config", Json.tree(config));
    request.put("device", device.key()).put("threads", threads);
    return new PythonModel(python, python.call(PythonCall.OPEN, request).asLong());
  }

  /** Versions of Python and of the packages that can change a result, and the device in use. */
  public Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    python
        .call(PythonCall.VERSIONS, Json.object().put("device", device.key()))
        .properties()
        .forEach(entry -> versions.put(entry.getKey(), entry.getValue().asText()));
    return versions;
  }

  Python python() {
    return python;
  }

  @Override
  public void close() {
    python.close();
  }
}
