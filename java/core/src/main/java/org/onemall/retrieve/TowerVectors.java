package org.onemall.retrieve;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.Model;
import org.onemall.offer.Assortment;
import org.onemall.semanticid.SidIndex;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * The item tower's unit vectors: one for each item with each SID that it was ever asked for with,
 * since a live room's vector depends on what it sells. Each is computed once; products and videos
 * are computed in the first call and found ever after. One thread at a time.
 */
final class TowerVectors {
  private static final int ITEMS_PER_CALL = 8_192;

  private final Model model;
  private final int[] codes;
  private final int width;
  private final BufferAllocator allocator;
  private final long sids;
  private final Long2IntOpenHashMap rows = new Long2IntOpenHashMap();
  private final Map<Assortment, int[]> lately = new HashMap<>();
  private float[] vectors = {};

  TowerVectors(Model model, int[] codes, int width, BufferAllocator allocator) {
    this.model = model;
    this.codes = codes.clone();
    this.width = width;
    this.allocator = allocator;
    rows.defaultReturnValue(-1);
    long product = 1;
    for (int size : codes) {
      product = Math.multiplyExact(product, size);
    }
    sids = product;
  }

  /** All vectors, row by row of width D; lent until the next {@link #prepare}. */
  float[] all() {
    return vectors;
  }

  /** The row of each item of an assortment, in its order. */
  int[] rows(Assortment assortment) {
    int[] found = lately.get(assortment);
    if (found == null) {
      throw new IllegalStateException("tower: prepare the assortments of a batch first");
    }
    return found;
  }

  /** Computes what is missing for the assortments of a batch. */
  void prepare(List<Assortment> assortments) {
    lately.keySet().retainAll(assortments);
    LongArrayList missing = new LongArrayList();
    LongOpenHashSet asked = new LongOpenHashSet();
    Map<Assortment, long[]> keys = new HashMap<>();
    for (Assortment each : assortments) {
      if (!lately.containsKey(each) && !keys.containsKey(each)) {
        long[] found = keys(each);
        keys.put(each, found);
        for (long key : found) {
          if (!rows.containsKey(key) && asked.add(key)) {
            missing.add(key);
          }
        }
      }
    }
    for (int start = 0; start < missing.size(); start += ITEMS_PER_CALL) {
      int end = Math.min(missing.size(), start + ITEMS_PER_CALL);
      compute(missing.subList(start, end).toLongArray());
    }
    keys.forEach(
        (each, found) -> lately.put(each, Arrays.stream(found).mapToInt(rows::get).toArray()));
  }

  /** An item and its SID as one number. */
  private long[] keys(Assortment assortment) {
    long[] keys = new long[assortment.items()];
    SidIndex index = assortment.index();
    int[] sid = new int[codes.length];
    for (int i = 0; i < keys.length; i++) {
      index.codes(assortment.sid(assortment.item(i)), sid);
      long key = Math.multiplyExact(assortment.item(i), sids);
      long radix = sids;
      for (int level = 0; level < sid.length; level++) {
        radix /= codes[level];
        key += sid[level] * radix;
      }
      keys[i] = key;
    }
    return keys;
  }

  private void compute(long[] keys) {
    try (Tensors in = new Tensors();
        Tensors out = new Tensors()) {
      Tensor item = in.add("item", allocator, DType.INT32, keys.length);
      Tensor code = in.add("code", allocator, DType.INT32, keys.length, codes.length);
      for (int i = 0; i < keys.length; i++) {
        item.setInt(i, (int) (keys[i] / sids));
        long rest = keys[i] % sids;
        long radix = sids;
        for (int level = 0; level < codes.length; level++) {
          radix /= codes[level];
          code.setInt((long) i * codes.length + level, (int) (rest / radix));
          rest %= radix;
        }
      }
      Tensor vector = out.add("vector", allocator, DType.FLOAT32, keys.length, width);
      model.infer("tower", in, out);
      int first = rows.size();
      int end = Math.multiplyExact(first + keys.length, width);
      if (vectors.length < end) {
        vectors = Arrays.copyOf(vectors, Math.max(end, vectors.length + vectors.length / 2));
      }
      float[] computed = vector.toFloats(0, keys.length * width);
      System.arraycopy(computed, 0, vectors, first * width, computed.length);
      for (int i = 0; i < keys.length; i++) {
        rows.put(keys[i], first + i);
      }
    }
  }
}
