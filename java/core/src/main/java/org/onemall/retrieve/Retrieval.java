package org.onemall.retrieve;

import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.beam.BeamSearch;
import org.onemall.beam.Beams;
import org.onemall.evaluate.Candidates;
import org.onemall.evaluate.Part;
import org.onemall.evaluate.SharedSid;
import org.onemall.model.Behavior;
import org.onemall.sample.Assembler;
import org.onemall.sample.SampleTables;
import org.onemall.semanticid.SidIndex;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Retrieves for requests: encode, beam search over the SIDs that exist, SID to items, and every
 * candidate's parts of the final order (PAPER section 6; RECIPES, finding 3). One thread at a time.
 */
public final class Retrieval implements AutoCloseable {
  /**
   * Takes one request's candidates, which are lent for the call, as is the tower's score of every
   * item.
   */
  @FunctionalInterface
  public interface Sink {
    void accept(int row, Candidates candidates, float[] tower);
  }

  private final RetrieverModel model;
  private final Assembler assembler;
  private final SampleTables tables;
  private final SidIndex index;
  private final Behavior behavior;
  private final SharedSid sharedSid;
  private final BeamSearch search;
  private final Tensor towerVectors;
  private final BufferAllocator allocator;
  private final Candidates candidates = new Candidates();
  private final int[] sidItems;
  private final float[] tower;
  private final float[] knn;
  private final float[] frequency;
  private final boolean[] inWindow;

  /**
   * @param towerVectors of {@link RetrieverModel#towerVectors}; now this object's
   * @param behavior whose history the pointer copies from
   */
  public Retrieval(
      RetrieverModel model,
      Tensor towerVectors,
      Assembler assembler,
      SampleTables tables,
      SidIndex index,
      BeamSearch search,
      Behavior behavior,
      SharedSid sharedSid,
      BufferAllocator allocator) {
    this.model = model;
    this.towerVectors = towerVectors;
    this.assembler = assembler;
    this.tables = tables;
    this.index = index;
    this.search = search;
    this.behavior = behavior;
    this.sharedSid = sharedSid;
    this.allocator = allocator;
    int items = tables.history().items();
    sidItems = new int[items];
    tower = new float[items];
    knn = new float[items];
    frequency = new float[items];
    inWindow = new boolean[items];
  }

  /** Retrieves for rows of the requests table, a batch; the sink sees them in order. */
  public void retrieve(int[] rows, Memory memory, Sink sink) {
    int[] snapshots = Arrays.stream(rows).map(tables.requests()::snapshot).toArray();
    try (Tensors batch = assembler.inputs(rows, allocator);
        Encoding encoding = model.encode(batch, behavior.key())) {
      Beams beams = search.search(encoding, snapshots, null);
      for (int b = 0; b < rows.length; b++) {
        memory.score(rows[b], knn, frequency);
        encoding.towerScores(b, towerVectors, tables.popularity(), snapshots[b], tower);
        fill(b, rows[b], encoding, beams);
        sink.accept(rows[b], candidates, tower);
      }
    }
  }

  private void fill(int b, int row, Encoding encoding, Beams beams) {
    candidates.clear();
    for (int i = 0; i < beams.count(b); i++) {
      int leaf = beams.leaf(b, i);
      int count = index.count(leaf);
      for (int place = 0; place < count; place++) {
        sidItems[place] = index.item(leaf, place);
      }
      candidates.addSid(sidItems, 0, count, beams.logProbability(b, i));
    }
    addHistory(b, row, encoding);
    for (int n = 0; n < encoding.neighbours(); n++) {
      if (encoding.neighbourItem(b, n) >= 0) {
        candidates.addNeighbour(encoding.neighbourItem(b, n), encoding.copyNeighbour(b, n));
      }
    }
    candidates.fill(Part.TOWER, item -> tower[item]);
    candidates.fill(Part.MEMORY, item -> knn[item]);
    candidates.fill(Part.FREQUENCY, item -> frequency[item]);
    candidates.complete(encoding.gate(b, 0), encoding.gate(b, 1), encoding.gate(b, 2), sharedSid);
  }

  /** What the pointer sees of the history, then the older rest, which nothing can copy. */
  private void addHistory(int b, int row, Encoding encoding) {
    for (int token = 0; token < encoding.historyLength(); token++) {
      int item = encoding.historyItem(b, token);
      if (item >= 0) {
        inWindow[item] = true;
        candidates.addHistory(item, encoding.copyHistory(b, token));
      }
    }
    for (int item : tables.distinctHistory(row, behavior)) {
      if (!inWindow[item]) {
        candidates.addHistory(item, Float.NEGATIVE_INFINITY);
      }
      inWindow[item] = false;
    }
  }

  @Override
  public void close() {
    search.close();
    towerVectors.close();
  }
}
