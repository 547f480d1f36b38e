package org.onemall.tokenizer;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Batches of item pairs in which no item comes twice: a pair that would repeat one waits for a
 * later batch. What is left at the end of a pass opens the next one. A mask tells which other
 * combinations in a batch are pairs too, held-out ones among them, and so no negatives. Mutable:
 * batches come in order.
 */
final class PairBatches {
  private final Pairs pairs;
  private final int[] anchors;
  private final int[] positives;
  private final int batchPairs;
  private final SplittableRandom random;
  private final IntArrayList waiting = new IntArrayList();
  private long next;

  /**
   * Batches of the pairs that are not held out.
   *
   * @param batchPairs pairs in a batch; fewer where the pairs don't hold so many different items
   */
  PairBatches(Pairs pairs, int batchPairs, long seed) {
    int[] training = pairs.training();
    if (training.length == 0) {
      throw new IllegalArgumentException(
          "tokenizer: expected item pairs to train on, found none; set tokenizer.steps to 0, or item2item's caps higher");
    }
    this.pairs = pairs;
    this.anchors = Arrays.stream(training).map(pairs::anchor).toArray();
    this.positives = Arrays.stream(training).map(pairs::positive).toArray();
    this.batchPairs = batchPairs;
    this.random = new SplittableRandom(seed);
  }

  /**
   * The batch of a step: {@code anchor} int32 (B), {@code positive} int32 (B), {@code known} uint8
   * (B, B), row = anchor. The tensors belong to the caller.
   *
   * @param step rising from call to call; the batches between are left out
   */
  Tensors batch(long step, BufferAllocator allocator) {
    for (; next < step; next++) {
      choose();
    }
    next++;
    int[] chosen = choose();
    int size = chosen.length;
    Tensors batch = new Tensors();
    Tensor anchor = batch.add("anchor", allocator, DType.INT32, size);
    Tensor positive = batch.add("positive", allocator, DType.INT32, size);
    Tensor mask = batch.add("known", allocator, DType.UINT8, size, size);
    for (int row = 0; row < size; row++) {
      anchor.setInt(row, anchors[chosen[row]]);
      positive.setInt(row, positives[chosen[row]]);
      for (int column = 0; column < size; column++) {
        boolean isPair = pairs.known(anchors[chosen[row]], positives[chosen[column]]);
        mask.setByte((long) row * size + column, (byte) (isPair ? 1 : 0));
      }
    }
    return batch;
  }

  private int[] choose() {
    IntArrayList chosen = new IntArrayList();
    IntOpenHashSet items = new IntOpenHashSet();
    take(chosen, items);
    if (chosen.size() < batchPairs) {
      refill();
      take(chosen, items);
    }
    return chosen.toIntArray();
  }

  /** Moves pairs with new items from those that wait to the batch, until it is full. */
  private void take(IntArrayList chosen, IntOpenHashSet items) {
    int kept = 0;
    int at = 0;
    for (; at < waiting.size() && chosen.size() < batchPairs; at++) {
      int pair = waiting.getInt(at);
      if (items.contains(anchors[pair]) || items.contains(positives[pair])) {
        waiting.set(kept++, pair);
      } else {
        items.add(anchors[pair]);
        items.add(positives[pair]);
        chosen.add(pair);
      }
    }
    waiting.removeElements(kept, at);
  }

  private void refill() {
    int from = waiting.size();
    for (int pair = 0; pair < anchors.length; pair++) {
      int j = from + random.nextInt(pair + 1);
      if (j == waiting.size()) {
        waiting.add(pair);
      } else {
        waiting.add(waiting.getInt(j));
        waiting.set(j, pair);
      }
    }
  }
}
