package org.onemall.codebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onemall.codebook.CodebookConfig.FsqConfig;
import org.onemall.model.Model;
import org.onemall.model.SchemaModel;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

class FsqTest {
  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void everythingIsFreed() {
    allocator.close();
  }

  /** Bits are the signs of the residual itself, and a bit stands for +1 or -1. */
  private static final class Signs implements Model {
    private final List<float[]> batches = new ArrayList<>();

    @Override
    public void feed(String what, Tensors tensors) {
      assertThat(what).isEqualTo("residuals");
    }

    @Override
    public void feed(String what, VectorSchemaRoot table) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Double> step(String what, Tensors batch, Map<String, ?> settings) {
      Tensor rows = batch.get("residual");
      batches.add(rows.toFloats(0, Math.toIntExact(rows.size())));
      return Map.of("loss", (double) batches.size());
    }

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      Tensor residual = (what.equals("bits") ? in : out).get("residual");
      Tensor bits = (what.equals("bits") ? out : in).get("bits");
      for (long i = 0; i < bits.size(); i++) {
        if (what.equals("bits")) {
          bits.setByte(i, (byte) (residual.getFloat(i) > 0 ? 1 : 0));
        } else {
          residual.setFloat(i, bits.getByte(i) * 2 - 1);
        }
      }
      return Map.of();
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

  private Fsq open(Signs signs, int bits) {
    return new Fsq(
        (kind, _, _) -> SchemaModel.of(kind, signs),
        new Fsq.Network(bits, bits, 4, 0),
        1,
        allocator);
  }

  @Test
  void packsTheFirstBitAsTheMostSignificant() {
    try (Fsq fsq = open(new Signs(), 3);
        Tensor residual =
            Tensor.allocate(allocator, DType.FLOAT32, 1, 3)
                .copyFrom(new float[] {0.7f, -0.2f, 0.3f}, 0)) {
      assertThat(fsq.codes(residual)).containsExactly(5);
    }
  }

  @Test
  void reconstructionsAreThoseOfTheirCodes() {
    try (Fsq fsq = open(new Signs(), 6)) {
      Centroids all = fsq.reconstructions();
      try (Tensor residual =
          Tensor.allocate(allocator, DType.FLOAT32, 64, 6).copyFrom(all.values(), 0)) {
        int[] codes = fsq.codes(residual);
        for (int code = 0; code < 64; code++) {
          assertThat(codes[code]).isEqualTo(code);
        }
      }
    }
  }

  @Test
  void anEpochShowsItemsOnceInAnOrderOfItsOwn() throws IOException {
    Signs signs = new Signs();
    List<Double> losses = new ArrayList<>();
    try (Fsq fsq = open(signs, 1);
        Tensor residual = TestVectors.tensor(allocator, new Random(4), 10, 1)) {
      fsq.train(
          residual,
          new FsqConfig(1, 4, 2, 5, 0.1, 0),
          3,
          (_, figures) -> losses.add(figures.getOrDefault("loss", Double.NaN)));
      float[] all = residual.toFloats(0, 10);
      List<float[]> epochs = new ArrayList<>();
      for (int epoch = 0; epoch < 2; epoch++) {
        float[] seen = new float[10];
        System.arraycopy(signs.batches.get(2 * epoch), 0, seen, 0, 5);
        System.arraycopy(signs.batches.get(2 * epoch + 1), 0, seen, 5, 5);
        assertThat(seen).containsExactlyInAnyOrder(all);
        epochs.add(seen);
      }
      assertThat(epochs.get(0)).isNotEqualTo(epochs.get(1));
    }
    assertThat(losses).containsExactly(1.5, 3.5);
  }
}
