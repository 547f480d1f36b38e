package org.onemall.represent;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.shop.CatalogueItems;
import org.onemall.shop.RoomStates;
import org.onemall.table.TimedVectors;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;
import org.onemall.training.Checkpoints;
import org.onemall.training.StepListener;
import org.onemall.training.Training;

/**
 * What live rooms are quantised by (section 3.1.3): the item side of a two-tower network that sees
 * the author, the products on sale at the moment and their Semantic IDs. A room has a vector for
 * each of its states.
 */
public final class LiveTower {
  private static final int ROWS_PER_CALL = 4_096;

  private final RepresentConfig.Live config;
  private final Rooms rooms;
  private final Tensor features;
  private final ProductCodes codes;
  private final BufferAllocator allocator;

  /**
   * For one catalogue.
   *
   * @param features FLOAT32 (items, F) of all items; stays the caller's
   */
  public LiveTower(
      RepresentConfig.Live config,
      CatalogueItems items,
      RoomStates states,
      Tensor features,
      ProductCodes codes,
      BufferAllocator allocator) {
    this.config = config;
    this.rooms = new Rooms(items, states, config.products());
    this.features = features;
    this.codes = codes;
    this.allocator = allocator;
  }

  /**
   * Trains on the clicks before a moment (after a kill, from the last checkpoint on), then gives
   * every state with a product its vector. With fewer than two clicks on rooms there is nothing to
   * train on: the vectors are then those of the untrained network, which still tell products apart.
   *
   * @return the vectors, which belong to the caller
   */
  public Represented represent(
      Models models,
      Path interactions,
      long before,
      long seed,
      Checkpoints checkpoints,
      StepListener listener)
      throws IOException {
    Map<String, Integer> reasons = new TreeMap<>(rooms.reasons());
    int[] visible = rooms.visible();
    if (visible.length == 0) {
      Tensor none = Tensor.allocate(allocator, DType.FLOAT32, 0, config.width());
      return new Represented(new TimedVectors(new int[0], new long[0], none), reasons);
    }
    LiveClicks clicks = new LiveClicks(interactions, rooms, config, before, seed, allocator);
    reasons.put("click_to_train_on", clicks.size());
    int products = rooms.products().length;
    Object network =
        LiveTowerConfig.of(
            config,
            rooms.before(before),
            products,
            Math.toIntExact(features.dim(1)),
            codes.sizes());
    try (Model model = models.open(Models.Kind.LIVE_TOWER, network, seed)) {
      feedProducts(model);
      if (clicks.size() >= 2) {
        new Training("live tower", "clicks", model, config.schedule(), config.steps())
            .run(step -> clicks.batch(step, allocator), checkpoints, listener);
      }
      return new Represented(vectors(model, visible), reasons);
    }
  }

  private void feedProducts(Model model) {
    int[] products = rooms.products();
    int levels = codes.sizes().length;
    long bytes = features.dim(1) * Float.BYTES;
    try (Tensors fed = new Tensors()) {
      Tensor rows = fed.add("features", allocator, DType.FLOAT32, products.length, features.dim(1));
      Tensor code = fed.add("code", allocator, DType.INT32, products.length, levels);
      int[] sid = new int[levels];
      for (int i = 0; i < products.length; i++) {
        MemorySegment.copy(
            features.segment(), products[i] * bytes, rows.segment(), i * bytes, bytes);
        codes.fill(products[i], sid);
        for (int level = 0; level < levels; level++) {
          code.setInt((long) i * levels + level, sid[level]);
        }
      }
      model.feed("products", fed);
    }
  }

  private TimedVectors vectors(Model model, int[] visible) {
    int[] item = new int[visible.length];
    long[] from = new long[visible.length];
    Tensor vectors = Tensor.allocate(allocator, DType.FLOAT32, visible.length, config.width());
    try {
      for (int start = 0; start < visible.length; start += ROWS_PER_CALL) {
        int count = Math.min(ROWS_PER_CALL, visible.length - start);
        infer(model, visible, start, count, vectors);
      }
    } catch (RuntimeException e) {
      vectors.close();
      throw e;
    }
    for (int row = 0; row < visible.length; row++) {
      item[row] = rooms.states().item(visible[row]);
      from[row] = rooms.states().fromMs(visible[row]);
    }
    return new TimedVectors(item, from, vectors);
  }

  private void infer(Model model, int[] visible, int start, int count, Tensor vectors) {
    int[] numbers = new int[config.products()];
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Tensor room = in.add("room", allocator, DType.INT32, count);
      Tensor products = in.add("products", allocator, DType.INT32, count, numbers.length);
      for (int i = 0; i < count; i++) {
        int row = visible[start + i];
        room.setInt(i, rooms.room(rooms.states().item(row)));
        rooms.fill(row, numbers);
        for (int p = 0; p < numbers.length; p++) {
          products.setInt((long) i * numbers.length + p, numbers[p]);
        }
      }
      Tensor vector = out.add("vector", allocator, DType.FLOAT32, count, config.width());
      model.infer("rooms", in, out);
      long bytes = (long) config.width() * Float.BYTES;
      MemorySegment.copy(vector.segment(), 0, vectors.segment(), start * bytes, count * bytes);
    }
  }
}
