package org.onemall.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

class PartnerSearchTest {
  private static final TokenizerConfig.HeldOut CONFIG =
      new TokenizerConfig.HeldOut(0.3, 1_000, 200, false);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void hitsEqualASortOfAllItems(long seed) throws IOException {
    Random random = new Random(seed);
    int items = 60;
    Pairs pairs = randomPairs(random, items, 200, seed);
    try (RootAllocator allocator = new RootAllocator();
        Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, items, 5)) {
      for (long i = 0; i < vectors.size(); i++) {
        vectors.setFloat(i, random.nextInt(-2, 3)); // small whole numbers, so that there are ties
      }
      Path table = items(items, allocator);
      PartnerSearch search = PartnerSearch.of(pairs, table, CONFIG, 2, seed, allocator);
      double[] found = search.hits(vectors);
      int[] heldOut = pairs.heldOut();
      assertThat(found).hasSize(heldOut.length);
      for (int i = 0; i < heldOut.length; i++) {
        assertThat(found[i])
            .as("seed %d", seed)
            .isCloseTo(
                naive(pairs, heldOut[i], vectors, items),
                org.assertj.core.data.Offset.offset(1e-12));
      }
    }
  }

  /** The share of tie orders in which the partner is among the first ten. */
  private static double naive(Pairs pairs, int pair, Tensor vectors, int items) {
    int anchor = pairs.anchor(pair);
    int partner = pairs.positive(pair);
    List<Double> others = new ArrayList<>();
    for (int item = 0; item < items; item++) {
      if (item != anchor
          && item != partner
          && item % 2 == partner % 2
          && !pairs.known(anchor, item)) {
        others.add(dot(vectors, anchor, item));
      }
    }
    double own = dot(vectors, anchor, partner);
    long better = others.stream().filter(score -> score > own).count();
    long equal = others.stream().filter(score -> score == own).count();
    return IntStream.rangeClosed(0, (int) equal).filter(place -> better + place < 10).count()
        / (equal + 1.0);
  }

  private static double dot(Tensor vectors, int a, int b) {
    return IntStream.range(0, 5)
        .mapToDouble(i -> vectors.getFloat(a * 5L + i) * vectors.getFloat(b * 5L + i))
        .sum();
  }

  @Test
  void aPairAndItsMirrorImageAreHeldOutTogetherAndTheShareIsKept() {
    int[] anchors = new int[20_000];
    int[] positives = new int[20_000];
    for (int i = 0; i < 10_000; i++) {
      anchors[2 * i] = positives[2 * i + 1] = i;
      positives[2 * i] = anchors[2 * i + 1] = 10_000 + i;
    }
    Pairs pairs = new Pairs(anchors, positives, Collections.nCopies(20_000, "swing"), 0.1, 5);
    int[] heldOut = pairs.heldOut();
    assertThat(heldOut.length).isBetween(1_800, 2_200);
    for (int i = 0; i < heldOut.length; i += 2) {
      assertThat(heldOut[i + 1]).isEqualTo(heldOut[i] + 1);
    }
    int[] all = IntStream.concat(Arrays.stream(heldOut), Arrays.stream(pairs.training())).toArray();
    assertThat(IntStream.of(all).distinct().count()).isEqualTo(20_000);
    assertThat(new Pairs(anchors, positives, List.of(), 0.1, 6).heldOut()).isNotEqualTo(heldOut);
    assertThat(new Pairs(anchors, positives, List.of(), 0, 5).heldOut()).isEmpty();
  }

  private static Pairs randomPairs(Random random, int items, int count, long seed) {
    int[] anchors = random.ints(count, 0, items).toArray();
    int[] positives =
        Arrays.stream(anchors).map(a -> (a + 1 + random.nextInt(items - 1)) % items).toArray();
    return new Pairs(anchors, positives, Collections.nCopies(count, "swing"), 0.3, seed);
  }

  /** Odd items are videos. */
  private Path items(int count, RootAllocator allocator) throws IOException {
    Path file = folder.resolve("items.arrow");
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      for (int item = 0; item < count; item++) {
        writer
            .setInt(0, item)
            .setString(1, "x" + item)
            .setString(2, item % 2 == 0 ? "product_card" : "short_video")
            .setString(3, "title")
            .setFloat(5, 1)
            .setLong(7, 0)
            .endRow();
      }
    }
    return file;
  }
}
