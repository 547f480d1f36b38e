package org.onemall.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.tensor.Tensors;

/**
 * One network that notes what is asked of it; tests override what they need an answer from. What is
 * sent to it must be as the schema of its kind says.
 */
public class FakeModels implements Models, Model {
  /** Calls in order, by name. */
  public final List<String> calls = new ArrayList<>();

  @Override
  public Model open(Kind kind, Object config, long seed) {
    calls.add("open " + kind.key() + " " + config);
    return SchemaModel.of(kind, this);
  }

  @Override
  public void feed(String what, Tensors tensors) {
    calls.add("feed " + what + " " + tensors.byName());
  }

  @Override
  public void feed(String what, VectorSchemaRoot table) {
    calls.add("feed " + what + " " + table.contentToTSVString().replace('\n', '|'));
  }

  @Override
  public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
    calls.add("step " + what + " " + batch.byName().keySet() + " " + settings);
    return Map.of("loss", 1.0);
  }

  @Override
  public Map<String, Double> infer(String what, Tensors in, Tensors out) {
    calls.add("infer " + what);
    return Map.of();
  }

  @Override
  public void save(Path file, boolean training) {
    calls.add("save " + file.getFileName());
  }

  @Override
  public void load(Path file, boolean training) {
    calls.add("load " + file.getFileName());
  }

  @Override
  public void copyFrom(Model source) {
    calls.add("copy");
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
