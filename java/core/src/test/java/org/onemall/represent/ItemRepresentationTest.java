package org.onemall.represent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class ItemRepresentationTest {
  @Test
  void partsStandSideBySideWithTheirWeightAsLength() {
    try (RootAllocator allocator = new RootAllocator();
        Tensor embeddings = Tensor.allocate(allocator, DType.FLOAT32, 2, 2);
        Tensor towers = Tensor.allocate(allocator, DType.FLOAT32, 2, 3)) {
      embeddings.copyFrom(new float[] {3, 4, 0, 0}, 0);
      towers.copyFrom(new float[] {0, 0, 7, 1, 2, 2}, 0);
      try (Tensor both =
          ItemRepresentation.features(
              new RepresentConfig(2, 0.5, null, null), embeddings, towers, allocator)) {
        assertThat(both.shape()).containsExactly(2, 5);
        assertThat(both.toFloats(0, 5))
            .containsExactly(new float[] {1.2f, 1.6f, 0, 0, 0.5f}, within(1e-6f));
        assertThat(both.toFloats(5, 5))
            .containsExactly(new float[] {0, 0, 1 / 6f, 1 / 3f, 1 / 3f}, within(1e-6f));
      }
      try (Tensor one =
          ItemRepresentation.features(
              new RepresentConfig(1, 0, null, null), embeddings, towers, allocator)) {
        assertThat(one.shape()).containsExactly(2, 2);
      }
    }
    assertThatThrownBy(() -> new RepresentConfig(0, 0, null, null))
        .hasMessageContaining("not all 0");
  }
}
