package org.onemall.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensors;

class SchemaModelTest {
  /** Each is one step away from what the schema of the two-tower model says. */
  @Test
  void whatTheSchemaDoesNotSayIsFound() {
    Model model = new FakeModels().open(Models.Kind.TWO_TOWER, "", 1);
    try (RootAllocator allocator = new RootAllocator();
        Tensors good = new Tensors();
        Tensors missing = new Tensors();
        Tensors wrong = new Tensors();
        Tensors other = new Tensors()) {
      good.add("user_items", allocator, DType.INT32, 2, 3);
      good.add("item", allocator, DType.INT32, 2);
      good.add("log_q", allocator, DType.FLOAT32, 2);
      model.step("next_item", good, Map.of());
      assertThatThrownBy(() -> model.step("next", good, Map.of()))
          .hasMessageContaining("step next");
      missing.add("user_items", allocator, DType.INT32, 2, 3);
      assertThatThrownBy(() -> model.step("next_item", missing, Map.of()))
          .hasMessageContaining("step next_item, item");
      wrong.add("user_items", allocator, DType.INT32, 2, 3);
      wrong.add("item", allocator, DType.INT32, 3);
      assertThatThrownBy(() -> model.step("next_item", wrong, Map.of()))
          .hasMessageContaining("step next_item, item, B");
      other.add("features", allocator, DType.INT64, 2, 3);
      assertThatThrownBy(() -> model.feed("items", other)).hasMessageContaining("features");
    }
  }
}
