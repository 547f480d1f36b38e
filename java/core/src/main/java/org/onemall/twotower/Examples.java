package org.onemall.twotower;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.shop.Baskets;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Training examples: an event as target, the user's latest items before it as input. All events are
 * seen in a seeded order before any is seen again, in another order; batch {@code step} depends on
 * seed and step alone.
 */
final class Examples {
  private final Baskets baskets;
  private final TwoTowerConfig config;
  private final long seed;
  private final int[] request;
  private final int[] index;
  private final float[] logQ;
  private int[] order = {};
  private long orderPass = -1;

  /** Of the first {@code requests} requests, those events that have anything before them. */
  Examples(Baskets baskets, int requests, TwoTowerConfig config, long seed) {
    this.baskets = baskets;
    this.config = config;
    this.seed = seed;
    IntArrayList requestOf = new IntArrayList();
    IntArrayList indexOf = new IntArrayList();
    for (int r = 0; r < requests; r++) {
      boolean others = config.withinRequest() && baskets.end(r) - baskets.start(r) > 1;
      for (int i = baskets.start(r); i < baskets.end(r); i++) {
        if (others || baskets.previous(r) >= 0) {
          requestOf.add(r);
          indexOf.add(i);
        }
      }
    }
    request = requestOf.toIntArray();
    index = indexOf.toIntArray();
    if (request.length < config.batchExamples()) {
      throw new IllegalArgumentException(
          "twotower: expected at least batch_examples = %d events with a past before the split, found %d; lower batch_examples or use a longer log"
              .formatted(config.batchExamples(), request.length));
    }
    logQ = logQ();
  }

  /** Log of each item's share among the targets: how likely a place in a batch is to hold it. */
  private float[] logQ() {
    float[] logQ = new float[baskets.items()];
    for (int i : index) {
      logQ[baskets.item(i)]++;
    }
    for (int item = 0; item < logQ.length; item++) {
      logQ[item] = (float) Math.log(logQ[item] / index.length);
    }
    return logQ;
  }

  /** Number of different examples. */
  int size() {
    return request.length;
  }

  /**
   * The batch of a step: {@code user_items} int32 (B, T), −1 padding, {@code item} int32 (B),
   * {@code log_q} float32 (B). The tensors belong to the caller.
   */
  Tensors batch(long step, BufferAllocator allocator) {
    int size = config.batchExamples();
    Tensors batch = new Tensors();
    Tensor userItems =
        batch.add("user_items", allocator, DType.INT32, size, config.history()).fillInt(-1);
    Tensor item = batch.add("item", allocator, DType.INT32, size);
    Tensor log = batch.add("log_q", allocator, DType.FLOAT32, size);
    for (int row = 0; row < size; row++) {
      long number = step * size + row;
      int example = at(number);
      int target = baskets.item(index[example]);
      item.setInt(row, target);
      log.setFloat(row, logQ[target]);
      fillPast(userItems, row, example, new SplittableRandom(seed ^ (number * 31)));
    }
    return batch;
  }

  private int at(long number) {
    long pass = number / request.length;
    if (pass != orderPass) {
      order = new int[request.length];
      SplittableRandom random = new SplittableRandom(seed + pass);
      for (int i = 0; i < order.length; i++) {
        int j = random.nextInt(i + 1);
        order[i] = order[j];
        order[j] = i;
      }
      orderPass = pass;
    }
    return order[(int) (number % request.length)];
  }

  private void fillPast(Tensor userItems, int row, int example, SplittableRandom random) {
    long at = (long) row * config.history();
    long end = at + config.history();
    int own = request[example];
    boolean distinct = Boolean.TRUE.equals(config.distinct());
    if (config.withinRequest()) {
      int start = baskets.start(own);
      int size = baskets.end(own) - start;
      int first = random.nextInt(size);
      int room = Math.min(size, Math.max(1, config.history() / 2));
      for (int k = 0; k < room; k++) {
        int other = start + (first + k) % size;
        if (other != index[example]) {
          userItems.setInt(at++, baskets.item(other));
        }
      }
    }
    for (int r = baskets.previous(own); r >= 0 && at < end; r = baskets.previous(r)) {
      for (int i = baskets.start(r); i < baskets.end(r) && at < end; i++) {
        if (!distinct || !holds(userItems, (long) row * config.history(), at, baskets.item(i))) {
          userItems.setInt(at++, baskets.item(i));
        }
      }
    }
  }

  private static boolean holds(Tensor userItems, long from, long to, int item) {
    for (long at = from; at < to; at++) {
      if (userItems.getInt(at) == item) {
        return true;
      }
    }
    return false;
  }
}
