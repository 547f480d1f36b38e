package org.onemall.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.model.Model;
import org.onemall.tensor.Tensors;

/** A network in Python, known here by its handle. */
final class PythonModel implements Model {
  private final Python python;
  private final long handle;
  private boolean closed;

  PythonModel(Python python, long handle) {
    this.python = python;
    this.handle = handle;
  }

  @Override
  public void feed(String what, Tensors tensors) {
    python.call(PythonCall.FEED, request(what).set("inputs", Crossing.tensors(tensors)));
  }

  @Override
  public void feed(String what, VectorSchemaRoot table) {
    try (Crossing.Table lent = Crossing.lend(table)) {
      python.call(PythonCall.FEED, request(what).set("table", lent.addresses()));
    }
  }

  @Override
  public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
    ObjectNode request = request(what);
    request.set("inputs", Crossing.tensors(batch));
    request.set("settings", Json.tree(settings));
    return figures(python.call(PythonCall.STEP, request));
  }

  @Override
  public Map<String, Double> infer(String what, Tensors in, Tensors out) {
    ObjectNode request = request(what);
    request.set("inputs", Crossing.tensors(in));
    request.set("outputs", Crossing.tensors(out));
    return figures(python.call(PythonCall.INFER, request));
  }

  @Override
  public void save(Path file, boolean training) {
    python.call(PythonCall.SAVE, request(file, training));
  }

  @Override
  public void load(Path file, boolean training) {
    python.call(PythonCall.LOAD, request(file, training));
  }

  @Override
  public void copyFrom(Model source) {
    if (!(source instanceof PythonModel other) || other.python != python) {
      throw new IllegalArgumentException(
          "copy: expected a network of the same Python, found " + source.getClass().getName());
    }
    python.call(PythonCall.COPY, request().put("source", other.handle));
  }

  private ObjectNode request() {
    return Json.object().put("handle", handle);
  }

  private ObjectNode request(String what) {
    return request().put("what", what);
  }

  private ObjectNode request(Path file, boolean training) {
    return request().put("path", file.toAbsolutePath().toString()).put("training", training);
  }

  private static Map<String, Double> figures(JsonNode answer) {
    Map<String, Double> figures = new LinkedHashMap<>();
    answer
        .properties()
        .forEach(entry -> figures.put(entry.getKey(), entry.getValue().doubleValue()));
    return figures;
  }

  /** Frees the network; nothing to do a second time, or after Python itself was closed. */
  @Override
  public void close() {
    if (!closed && !python.isClosed()) {
      python.call(PythonCall.CLOSE, request());
    }
    closed = true;
  }
}
