package org.onemall.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
import org.onemall.model.Model;
import org.onemall.offer.Assortment;
import org.onemall.offer.Assortments;
import org.onemall.offer.RandomOffer;
import org.onemall.shop.Scenario;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

class TowerVectorsTest {
  private static final int WIDTH = 4;

  @TempDir Path folder;
  private final RootAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @RepeatedTest(5)
  void everyItemHasTheVectorOfItsSidThenAndIsComputedOnce() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomOffer offer = new RandomOffer(random);
    Assortments assortments =
        new Assortments(
            offer.semanticIds(folder, allocator),
            offer.availability(folder, allocator),
            Scenario.LIVE_STREAMING,
            new float[0][],
            1);
    FakeTower fake = new FakeTower();
    TowerVectors tower = new TowerVectors(fake, RandomOffer.sizes(), WIDTH, allocator);
    for (int batch = 0; batch < 30; batch++) {
      long[] moments = random.longs(1 + random.nextInt(5), 0, RandomOffer.LAST).toArray();
      List<Assortment> offered = new ArrayList<>();
      for (long moment : moments) {
        offered.add(assortments.at(moment));
      }
      tower.prepare(offered);
      for (int i = 0; i < moments.length; i++) {
        int[] rows = tower.rows(offered.get(i));
        assertThat(rows).hasSize(offered.get(i).items());
        for (int place = 0; place < rows.length; place++) {
          int item = offered.get(i).item(place);
          int[] sid = offer.sid(item, moments[i]);
          for (int d = 0; d < WIDTH; d++) {
            assertThat(tower.all()[rows[place] * WIDTH + d])
                .as("seed %d, item %d at %d", seed, item, moments[i])
                .isEqualTo(d == 0 ? item : sid[d - 1]);
          }
        }
      }
    }
    assertThat(fake.twice).as("seed %d", seed).isZero();
  }

  /** A vector of the item and its codes. */
  private static final class FakeTower implements Model {
    private final Set<List<Float>> seen = new HashSet<>();
    private int twice;

    @Override
    public Map<String, Double> infer(String what, Tensors in, Tensors out) {
      Tensor vector = out.get("vector");
      for (int i = 0; i < in.get("item").size(); i++) {
        List<Float> values = new ArrayList<>();
        values.add((float) in.get("item").getInt(i));
        for (int level = 0; level < 3; level++) {
          values.add((float) in.get("code").getInt(3L * i + level));
        }
        for (int d = 0; d < WIDTH; d++) {
          vector.setFloat((long) i * WIDTH + d, values.get(d));
        }
        twice += seen.add(values) ? 0 : 1;
      }
      return Map.of();
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
