package org.onemall.represent;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.run.Artefact;
import org.onemall.run.Artefacts;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.Scenario;
import org.onemall.table.TimedVectors;
import org.onemall.table.VectorTable;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;

/**
 * What is known of every item, and of that what product cards and short videos are quantised by
 * (section 3.1.3): a card by its own vector, a video by its product's and its own side by side.
 */
public final class ItemRepresentation {
  private ItemRepresentation() {}

  /** What is known of every item of a run; belongs to the caller. */
  public static Tensor features(Artefacts run, RepresentConfig config, BufferAllocator allocator)
      throws IOException {
    try (Tensor embeddings = VectorTable.read(run.file(Artefact.ITEM_EMBEDDINGS), allocator);
        Tensor towers = VectorTable.read(run.file(Artefact.TOWER_EMBEDDINGS), allocator)) {
      return features(config, embeddings, towers, allocator);
    }
  }

  /**
   * What is known of every item: its embedding and its place in the two-tower space side by side.
   *
   * @param embeddings FLOAT32 (items, D)
   * @param towers FLOAT32 (items, E)
   * @return FLOAT32 (items, D + E) or narrower; belongs to the caller, as the arguments do
   */
  public static Tensor features(
      RepresentConfig config, Tensor embeddings, Tensor towers, BufferAllocator allocator) {
    if (towers.dim(0) != embeddings.dim(0)) {
      throw new IllegalArgumentException(
          "represent: expected parts of equally many items, found %d and %d"
              .formatted(embeddings.dim(0), towers.dim(0)));
    }
    return SideBySide.of(
        List.of(
            new SideBySide.Part(embeddings, row -> row, config.embedding()),
            new SideBySide.Part(towers, row -> row, config.tower())),
        Math.toIntExact(embeddings.dim(0)),
        allocator);
  }

  /** Every product card by its features; the vectors belong to the caller. */
  public static Represented cards(
      CatalogueItems items, Tensor features, BufferAllocator allocator) {
    IntArrayList cards = new IntArrayList();
    for (int item = 0; item < items.size(); item++) {
      if (items.isProduct(item)) {
        cards.add(item);
      }
    }
    int[] item = cards.toIntArray();
    Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, item.length, features.dim(1));
    long bytes = features.dim(1) * Float.BYTES;
    for (int row = 0; row < item.length; row++) {
      MemorySegment.copy(
          features.segment(), item[row] * bytes, vectors.segment(), row * bytes, bytes);
    }
    return new Represented(new TimedVectors(item, new long[item.length], vectors), new TreeMap<>());
  }

  /**
   * Every short video that sells a product by that product's features and its own. One without a
   * product, or whose product is no product card of the catalogue, gets none.
   *
   * @return the vectors, which belong to the caller
   */
  public static Represented videos(
      RepresentConfig.Video config,
      CatalogueItems items,
      Tensor features,
      BufferAllocator allocator) {
    IntArrayList videos = new IntArrayList();
    Map<String, Integer> left = new TreeMap<>();
    for (int item = 0; item < items.size(); item++) {
      if (items.scenario(item) != Scenario.SHORT_VIDEO) {
        continue;
      }
      if (items.isProduct(items.product(item))) {
        videos.add(item);
      } else {
        left.merge(
            items.product(item) < 0 ? "video_without_product" : "video_of_unknown_product",
            1,
            Integer::sum);
      }
    }
    int[] item = videos.toIntArray();
    Tensor vectors =
        SideBySide.of(
            List.of(
                new SideBySide.Part(features, row -> items.product(item[row]), config.product()),
                new SideBySide.Part(features, row -> item[row], config.video())),
            item.length,
            allocator);
    return new Represented(new TimedVectors(item, new long[item.length], vectors), left);
  }
}
