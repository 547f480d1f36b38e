package org.onemall.tokenizer;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * All item pairs, each with the relation that it comes from. A share of them is held out: which
 * ones, a hash of the two items and the seed says, so that a pair and its mirror image go the same
 * way.
 */
final class Pairs {
  private final int[] anchors;
  private final int[] positives;
  private final List<String> sources;
  private final double heldOutShare;
  private final long seed;
  private final LongOpenHashSet known;

  Pairs(int[] anchors, int[] positives, List<String> sources, double heldOutShare, long seed) {
    this.anchors = anchors;
    this.positives = positives;
    this.sources = sources;
    this.heldOutShare = heldOutShare;
    this.seed = seed;
    this.known = new LongOpenHashSet(anchors.length);
    for (int pair = 0; pair < anchors.length; pair++) {
      known.add(key(anchors[pair], positives[pair]));
    }
  }

  /** Reads {@link TableSchema#ITEM_PAIRS}. */
  static Pairs read(Path itemPairs, double heldOutShare, long seed, BufferAllocator allocator)
      throws IOException {
    IntArrayList anchors = new IntArrayList();
    IntArrayList positives = new IntArrayList();
    List<String> sources = new ArrayList<>();
    try (TableReader reader = new TableReader(TableSchema.ITEM_PAIRS, itemPairs, allocator)) {
      while (reader.next()) {
        VarCharVector source = (VarCharVector) reader.batch().getVector("source");
        for (int row = 0; row < reader.batch().getRowCount(); row++) {
          anchors.add(((IntVector) reader.batch().getVector("anchor")).get(row));
          positives.add(((IntVector) reader.batch().getVector("positive")).get(row));
          sources.add(source.getObject(row).toString().intern());
        }
      }
    }
    return new Pairs(anchors.toIntArray(), positives.toIntArray(), sources, heldOutShare, seed);
  }

  int anchor(int pair) {
    return anchors[pair];
  }

  int positive(int pair) {
    return positives[pair];
  }

  /** The relation that a pair comes from. */
  String source(int pair) {
    return sources.get(pair);
  }

  /** Whether two items are a pair, in either order, held out or not. */
  boolean known(int a, int b) {
    return known.contains(key(a, b));
  }

  /** The pairs that may be trained on, in their order. */
  int[] training() {
    return IntStream.range(0, anchors.length).filter(pair -> !heldOut(pair)).toArray();
  }

  /** The pairs that are kept from training, in their order. */
  int[] heldOut() {
    return IntStream.range(0, anchors.length).filter(this::heldOut).toArray();
  }

  private boolean heldOut(int pair) {
    long hash = mix(key(anchors[pair], positives[pair]) ^ mix(seed));
    return (hash >>> 11) * 0x1p-53 < heldOutShare;
  }

  /** Stafford's variant 13 of the finaliser of MurmurHash3, as in SplittableRandom. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private static long key(int a, int b) {
    return ((long) Math.min(a, b) << 32) | Math.max(a, b);
  }
}
