package org.onemall.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

class ItemVectorsTest {
  /** Says of each item its id, and notes how many it was asked for. */
  private static final class Ids extends FakeModels {
    private final List<Integer> sizes = new ArrayList<>();

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      int size = Math.toIntExact(in.get("item").size());
      sizes.add(size);
      for (int i = 0; i < size; i++) {
        out.get("vector").setFloat(i, in.get("item").getInt(i));
      }
      return Map.of();
    }
  }

  private static List<Integer> sizes(int... ends) {
    Ids ids = new Ids();
    try (RootAllocator allocator = new RootAllocator();
        Tensor vectors = ItemVectors.infer(ids, "items", ends, 1, 4, allocator)) {
      assertThat(vectors.shape()).containsExactly(ends[ends.length - 1], 1);
      for (int item = 0; item < vectors.size(); item++) {
        assertThat(vectors.getFloat(item)).isEqualTo(item);
      }
    }
    return ids.sizes;
  }

  /** What an item shares a batch with is what was there in its period, or before. */
  @Test
  void noBatchHasItemsOfTwoPeriods() {
    assertThat(sizes(6, 7, 12)).containsExactly(4, 2, 1, 4, 1);
    assertThat(sizes(6, 7, 19)).startsWith(4, 2, 1);
    assertThat(sizes(0, 0, 3)).containsExactly(3);
    assertThat(sizes(4, 4, 4)).containsExactly(4);
  }
}
