package org.onemall.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onemall.beam.Children;
import org.onemall.model.Model;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

class RetrieverModelTest {
  private static final int[] CODES = {3, 5};
  private static final int WIDTH = 2;

  private final BufferAllocator allocator = new RootAllocator();
  private final FakeModel fake = new FakeModel();
  private final RetrieverModel model = new RetrieverModel(fake, CODES, WIDTH, allocator);

  @AfterEach
  void nothingLeaks() {
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void anEncodingOutlivesItsBatchAndLendsTheBeamsToTheNetwork() {
    Encoding encoding;
    try (Tensors batch = batch()) {
      encoding = model.encode(batch, "buy");
    }
    try (encoding;
        Tensor parent = Tensor.allocate(allocator, DType.INT32, 2, 4);
        Tensor code = Tensor.allocate(allocator, DType.INT32, 2, 4);
        Children children =
            new Children(
                Tensor.allocate(allocator, DType.INT32, 9),
                Tensor.allocate(allocator, DType.INT32, 5))) {
      assertThat(encoding.first().shape()).containsExactly(2, 3);
      assertThat(encoding.gate(1, 2)).isEqualTo(5);
      assertThat(encoding.historyItem(0, 1)).isEqualTo(8);
      assertThat(encoding.historyItem(1, 1)).isEqualTo(-1);
      assertThat(encoding.copyHistory(1, 0)).isEqualTo(2);
      assertThat(encoding.neighbourItem(1, 2)).isEqualTo(11);
      assertThat(encoding.copyNeighbour(1, 2)).isEqualTo(5);
      assertThat(encoding.priorWeight(1)).isEqualTo(0.75f);
      for (int call = 0; call < 3; call++) {
        Tensor logits = encoding.next(1, parent, code, children);
        assertThat(logits.shape()).containsExactly(5);
        assertThat(fake.parent).isEqualTo(parent.address());
        assertThat(fake.code).isEqualTo(code.address());
        assertThat(fake.child).isEqualTo(children.code().address());
      }
      assertThat(parent.getInt(7)).as("still the search's own").isZero();
    }
  }

  @Test
  void aFigureThatTheNetworkDidNotGiveIsNamed() {
    try (Tensors batch = batch();
        Encoding encoding = model.encode(batch, "buy")) {
      assertThatThrownBy(() -> encoding.priorWeight(0))
          .hasMessageContaining("alpha_0")
          .hasMessageContaining("alpha_1");
    }
  }

  /** Two requests with histories of 2 and 1, and three neighbours each. */
  private Tensors batch() {
    Tensors batch = new Tensors();
    Tensor history = batch.add("buy_item", allocator, DType.INT32, 2, 2);
    int[] items = {7, 8, 9, -1};
    for (int i = 0; i < items.length; i++) {
      history.setInt(i, items[i]);
    }
    Tensor neighbours = batch.add("neighbour_item", allocator, DType.INT32, 2, 3);
    for (int i = 0; i < 6; i++) {
      neighbours.setInt(i, 6 + i);
    }
    return batch;
  }

  /** Fills every answer with its flat index. */
  private static final class FakeModel implements Model {
    private long parent;
    private long code;
    private long child;

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      if (what.equals("next")) {
        parent = in.get("parent").address();
        code = in.get("code").address();
        child = in.get("child").address();
      }
      for (Tensor tensor : out.byName().values()) {
        for (long i = 0; i < tensor.size(); i++) {
          tensor.setFloat(i, (float) i);
        }
      }
      return Map.of("alpha_1", 0.75);
    }

    @Override
    public void feed(String what, Tensors tensors) {}

    @Override
    public void feed(String what, VectorSchemaRoot table) {}

    @Override
    public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
      throw new AssertionError("retrieval doesn't train");
    }

    @Override
    public void save(Path file, boolean training) {}

    @Override
    public void load(Path file, boolean training) {}

    @Override
    public void copyFrom(Model source) {}

    @Override
    public void close() {}
  }
}
