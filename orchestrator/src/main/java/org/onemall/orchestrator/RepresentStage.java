package org.onemall.orchestrator;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.represent.ItemRepresentation;
import org.onemall.table.VectorTable;
import org.onemall.tensor.Tensor;

/** Makes the one vector per item that Semantic IDs are made from. */
final class RepresentStage implements Stage {
  @Override
  public String name() {
    return "represent";
  }

  @Override
  public boolean perScenario() {
    return true;
  }

  @Override
  public List<String> reads() {
    return List.of("item_embeddings.arrow", "tower_embeddings.arrow");
  }

  @Override
  public List<String> writes() {
    return List.of("item_vectors.arrow");
  }

  @Override
  public Object settings(RunConfig config) {
    return config.represent();
  }

  @Override
  public void run(StageContext context) throws IOException {
    BufferAllocator allocator = context.allocator();
    try (Tensor embeddings = VectorTable.read(context.input("item_embeddings.arrow"), allocator);
        Tensor towers = VectorTable.read(context.input("tower_embeddings.arrow"), allocator);
        Tensor vectors =
            ItemRepresentation.of(context.config().represent(), embeddings, towers, allocator);
        OutputStream out = context.create("item_vectors.arrow")) {
      VectorTable.write(vectors, out, allocator);
    }
  }
}
