package org.onemall.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * A model whose tensors must be those that {@code arrow-schemas/batches/<kind>.json} has for each
 * call: their names, types and dimensions, a letter one size within a call. Python's networks are
 * held to the same files.
 */
public final class SchemaModel implements Model {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Model model;
  private final Map<String, JsonNode> calls = new HashMap<>();

  /** The retriever's file is of batches, to which the assembler's test holds them. */
  public static Model of(Models.Kind kind, Model model) {
    return kind == Models.Kind.RETRIEVER ? model : new SchemaModel(kind, model);
  }

  private SchemaModel(Models.Kind kind, Model model) {
    this.model = model;
    // Maven runs a module's tests in the module's folder.
    Path file = Path.of("../../arrow-schemas/batches", kind.key() + ".json");
    try {
      for (JsonNode call : JSON.readTree(file.toFile()).path("calls")) {
        calls.put(call.path("call").asText(), call);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check(String call, Tensors in, Tensors out) {
    if (in.byName().isEmpty() && out.byName().isEmpty()) {
      return; // it only asks for figures
    }
    assertThat(calls).as("the schema's calls").containsKey(call);
    JsonNode described = calls.getOrDefault(call, JSON.missingNode());
    Map<String, Long> sizes = new HashMap<>();
    check(call, described.path("in"), in, sizes);
    check(call, described.path("out"), out, sizes);
  }

  private static void check(
      String call, JsonNode described, Tensors found, Map<String, Long> sizes) {
    Map<String, Tensor> left = new HashMap<>(found.byName());
    for (JsonNode tensor : described) {
      String name = tensor.path("name").asText();
      Tensor sent = left.remove(name);
      if (sent == null) {
        assertThat(tensor.path("when").asText()).as("%s, %s", call, name).isNotEqualTo("always");
        continue;
      }
      assertThat(sent.type().name())
          .as("%s, %s", call, name)
          .isEqualToIgnoringCase(tensor.path("dtype").asText());
      String[] letters = tensor.path("shape").asText().split(" ", -1);
      assertThat(sent.shape()).as("%s, %s", call, name).hasSize(letters.length);
      for (int axis = 0; axis < letters.length; axis++) {
        long size = sent.dim(axis);
        assertThat(sizes.computeIfAbsent(letters[axis], letter -> size))
            .as("%s, %s, %s", call, name, letters[axis])
            .isEqualTo(size);
      }
    }
    assertThat(left.keySet()).as("%s, not in the schema", call).isEmpty();
  }

  @Override
  public void feed(String what, Tensors tensors) {
    check("feed " + what, tensors, new Tensors());
    model.feed(what, tensors);
  }

  @Override
  public void feed(String what, VectorSchemaRoot table) {
    model.feed(what, table);
  }

  @Override
  public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
    check("step " + what, batch, new Tensors());
    return model.step(what, batch, settings);
  }

  @Override
  public Map<String, Double> infer(String what, Tensors in, Tensors out) {
    check("infer " + what, in, out);
    return model.infer(what, in, out);
  }

  @Override
  public void save(Path file, boolean training) {
    model.save(file, training);
  }

  @Override
  public void load(Path file, boolean training) {
    model.load(file, training);
  }

  @Override
  public void copyFrom(Model source) {
    model.copyFrom(source);
  }

  @Override
  public void close() {
    model.close();
  }
}
