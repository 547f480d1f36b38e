package org.onemall.order;

import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.Arrays;

/**
 * The candidates of one request: the union of the beam's items, the history and its neighbours,
 * each with the parts that the final order weighs. Flat arrays that grow and are used again; not
 * for several threads at once.
 *
 * <p>Fill in this order: {@link #clear}, {@link #addSid} by falling probability, {@link
 * #addHistory}, {@link #addNeighbour}, {@link #fill}, {@link #complete}. The retriever's part is
 * log(g_generator p_generator + g_history p_history + g_neighbour p_neighbour), where a candidate
 * outside the beam gets the lowest beam score - 1 as its log p_generator.
 */
public final class Candidates {
  private static final int FIRST_CAPACITY = 1024;
  private static final float ABSENT = Float.NEGATIVE_INFINITY;

  private final Int2IntOpenHashMap slots = new Int2IntOpenHashMap();
  private int[] items = new int[FIRST_CAPACITY];
  private int[] sidEnd = new int[FIRST_CAPACITY];
  private float[] generator = new float[FIRST_CAPACITY];
  private float[] copyHistory = new float[FIRST_CAPACITY];
  private float[] copyNeighbour = new float[FIRST_CAPACITY];
  private boolean[] inHistory = new boolean[FIRST_CAPACITY];
  private final float[][] parts = new float[Part.values().length][FIRST_CAPACITY];
  private int count;
  private int beamCount;
  private boolean complete;

  public Candidates() {
    slots.defaultReturnValue(-1);
  }

  /** Forgets the last request. */
  public void clear() {
    for (float[] part : parts) {
      Arrays.fill(part, 0, count, 0f);
    }
    slots.clear();
    count = 0;
    beamCount = 0;
    complete = false;
  }

  /** Adds the items {@code [from, to)} of one SID of the beam, which share its probability. */
  public void addSid(int[] sidItems, int from, int to, float logProbability) {
    if (beamCount != count) {
      throw new IllegalStateException(
          "candidates: add the beam's SIDs before history and neighbours");
    }
    for (int i = from; i < to; i++) {
      int slot = slot(sidItems[i]);
      if (slot < beamCount) {
        throw new IllegalArgumentException(
            "candidates: item %d is on two SIDs of the beam; expected one SID an item at a moment"
                .formatted(sidItems[i]));
      }
      generator[slot] = logProbability;
    }
    Arrays.fill(sidEnd, beamCount, count, count);
    beamCount = count;
  }

  /**
   * Adds an item that the user had before; {@code copyLogProbability} is -inf past the window that
   * the pointer sees.
   */
  public void addHistory(int item, float copyLogProbability) {
    int slot = slot(item);
    inHistory[slot] = true;
    copyHistory[slot] = copyLogProbability;
  }

  /** Adds an item-to-item neighbour of the history. */
  public void addNeighbour(int item, float copyLogProbability) {
    int slot = slot(item); // first: it may grow the arrays
    copyNeighbour[slot] = copyLogProbability;
  }

  private int slot(int item) {
    int slot = slots.putIfAbsent(item, count);
    if (slot >= 0) {
      return slot;
    }
    if (count == items.length) {
      grow();
    }
    items[count] = item;
    generator[count] = ABSENT;
    copyHistory[count] = ABSENT;
    copyNeighbour[count] = ABSENT;
    inHistory[count] = false;
    return count++;
  }

  private void grow() {
    int capacity = 2 * items.length;
    items = Arrays.copyOf(items, capacity);
    sidEnd = Arrays.copyOf(sidEnd, capacity);
    generator = Arrays.copyOf(generator, capacity);
    copyHistory = Arrays.copyOf(copyHistory, capacity);
    copyNeighbour = Arrays.copyOf(copyNeighbour, capacity);
    inHistory = Arrays.copyOf(inHistory, capacity);
    for (int part = 0; part < parts.length; part++) {
      parts[part] = Arrays.copyOf(parts[part], capacity);
    }
  }

  /** Scores every candidate for a part other than the retriever. */
  public void fill(Part part, ItemScore score) {
    if (part == Part.RETRIEVER) {
      throw new IllegalArgumentException("candidates: the retriever's part comes from complete()");
    }
    float[] values = parts[part.index()];
    for (int i = 0; i < count; i++) {
      values[i] = score.of(items[i]);
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "candidates: item %d has a %s score of %s; expected a finite number"
                .formatted(items[i], part.key(), values[i]));
      }
    }
  }

  /**
   * Computes the retriever's part from the gate's log-probabilities; a pointer that is switched off
   * has gate (0, -inf, -inf).
   */
  public void complete(
      float gateGenerator, float gateHistory, float gateNeighbour, SharedSid sharing) {
    float lowest = share(sharing);
    Arrays.fill(generator, beamCount, count, lowest - 1);
    float[] retriever = parts[Part.RETRIEVER.index()];
    for (int i = 0; i < count; i++) {
      double generated = (double) gateGenerator + generator[i];
      double copied = (double) gateHistory + copyHistory[i];
      double neighbour = (double) gateNeighbour + copyNeighbour[i];
      double largest = Math.max(generated, Math.max(copied, neighbour));
      retriever[i] =
          (float)
              (largest
                  + Math.log(
                      Math.exp(generated - largest)
                          + Math.exp(copied - largest)
                          + Math.exp(neighbour - largest)));
      if (!Float.isFinite(retriever[i])) {
        throw new IllegalArgumentException(
            "candidates: item %d has a mixture of %s from gate (%s, %s, %s); expected finite"
                .formatted(items[i], retriever[i], gateGenerator, gateHistory, gateNeighbour));
      }
    }
    complete = true;
  }

  /**
   * Splits each SID's probability; the lowest log-probability of an item of the beam, 0 if none.
   */
  private float share(SharedSid sharing) {
    float[] tower = parts[Part.TOWER.index()];
    float lowest = beamCount == 0 ? 0 : Float.POSITIVE_INFINITY;
    for (int start = 0; start < beamCount; start = sidEnd[start]) {
      int end = sidEnd[start];
      double largest = ABSENT;
      for (int i = start; i < end; i++) {
        largest = Math.max(largest, tower[i]);
      }
      double sum = 0;
      for (int i = start; i < end; i++) {
        sum += Math.exp(tower[i] - largest);
      }
      for (int i = start; i < end; i++) {
        generator[i] +=
            (float)
                switch (sharing) {
                  case EQUAL -> -Math.log(end - start);
                  case TOWER -> tower[i] - largest - Math.log(sum);
                };
        lowest = Math.min(lowest, generator[i]);
      }
    }
    return lowest;
  }

  /** Number of candidates. */
  public int count() {
    return count;
  }

  /** Number of candidates that the beam found; they come first. */
  public int beamCount() {
    return beamCount;
  }

  public int item(int index) {
    return items[index];
  }

  /** Whether the user had it before. */
  public boolean inHistory(int index) {
    return inHistory[index];
  }

  /** The generator's log-probability alone. */
  public float generator(int index) {
    requireComplete();
    return generator[index];
  }

  /** The unscaled value of a part. */
  float part(Part part, int index) {
    requireComplete();
    return parts[part.index()][index];
  }

  public int[] items() {
    return items;
  }

  float[] values(Part part) {
    requireComplete();
    return parts[part.index()];
  }

  private void requireComplete() {
    if (!complete) {
      throw new IllegalStateException("candidates: call complete() before reading scores");
    }
  }
}
