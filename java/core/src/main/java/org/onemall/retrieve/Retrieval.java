package org.onemall.retrieve;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.beam.BeamSearch;
import org.onemall.beam.Beams;
import org.onemall.beam.SearchSpace;
import org.onemall.evaluate.Candidates;
import org.onemall.evaluate.Part;
import org.onemall.evaluate.SharedSid;
import org.onemall.offer.Assortment;
import org.onemall.offer.Assortments;
import org.onemall.sample.Assembler;
import org.onemall.sample.SampleTables;
import org.onemall.semanticid.SidIndex;
import org.onemall.shop.Behavior;
import org.onemall.tensor.Tensors;

/**
 * Retrieves for requests: encode, beam search over the SIDs that are on offer at each one's moment,
 * SID to items, and every candidate's parts of the final order (PAPER section 6; RECIPES, finding
 * 3). One thread at a time.
 */
public final class Retrieval implements AutoCloseable {
  /**
   * Takes one request's candidates, which are lent for the call, as is the tower's score of every
   * item; what isn't offered then scores negative infinity.
   */
  @FunctionalInterface
  public interface Sink {
    void accept(int row, Candidates candidates, float[] tower, Assortment offered);
  }

  private final RetrieverModel model;
  private final Assembler assembler;
  private final SampleTables tables;
  private final Assortments assortments;
  private final Settings settings;
  private final BeamSearch search;
  private final TowerVectors towerVectors;
  private final BufferAllocator allocator;
  private final Candidates candidates = new Candidates();
  private final int[] sidItems;
  private final float[] tower;
  private final float[] knn;
  private final float[] frequency;
  private final boolean[] inWindow;

  /**
   * How candidates are retrieved.
   *
   * @param prior whether the search knows what is popular
   * @param copied the behavior whose history the pointer copies from
   * @param sharedSid what items of one SID share of its score
   */
  public record Settings(boolean prior, Behavior copied, SharedSid sharedSid) {}

  /**
   * @param search now this object's
   */
  public Retrieval(
      RetrieverModel model,
      Assembler assembler,
      SampleTables tables,
      Assortments assortments,
      BeamSearch search,
      Settings settings,
      BufferAllocator allocator) {
    this.model = model;
    this.towerVectors = model.tower();
    this.assembler = assembler;
    this.tables = tables;
    this.assortments = assortments;
    this.search = search;
    this.settings = settings;
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
    List<Assortment> offered = new ArrayList<>();
    List<SearchSpace> spaces = new ArrayList<>();
    for (int row : rows) {
      offered.add(assortments.at(tables.requests().timeMs(row)));
      spaces.add(offered.getLast().space(settings.prior(), tables.requests().snapshot(row)));
    }
    towerVectors.prepare(offered);
    try (Tensors batch = assembler.inputs(rows, allocator);
        Encoding encoding = model.encode(batch, settings.copied().key())) {
      Beams beams = search.search(encoding, spaces);
      for (int b = 0; b < rows.length; b++) {
        memory.score(rows[b], knn, frequency);
        int snapshot = tables.requests().snapshot(rows[b]);
        encoding.towerScores(b, towerVectors, offered.get(b), tables.popularity(), snapshot, tower);
        fill(b, rows[b], encoding, beams, offered.get(b));
        sink.accept(rows[b], candidates, tower, offered.get(b));
      }
    }
  }

  private void fill(int b, int row, Encoding encoding, Beams beams, Assortment offered) {
    candidates.clear();
    SidIndex index = offered.index();
    for (int i = 0; i < beams.count(b); i++) {
      int leaf = beams.leaf(b, i);
      int count = index.count(leaf);
      for (int place = 0; place < count; place++) {
        sidItems[place] = index.item(leaf, place);
      }
      candidates.addSid(sidItems, 0, count, beams.logProbability(b, i));
    }
    addHistory(b, row, encoding, offered);
    for (int n = 0; n < encoding.neighbours(); n++) {
      if (encoding.neighbourItem(b, n) >= 0) {
        candidates.addNeighbour(encoding.neighbourItem(b, n), encoding.copyNeighbour(b, n));
      }
    }
    candidates.fill(Part.TOWER, item -> tower[item]);
    candidates.fill(Part.MEMORY, item -> knn[item]);
    candidates.fill(Part.FREQUENCY, item -> frequency[item]);
    candidates.complete(
        encoding.gate(b, 0), encoding.gate(b, 1), encoding.gate(b, 2), settings.sharedSid());
  }

  /** What is on offer of the history that the pointer sees, then the older rest of it. */
  private void addHistory(int b, int row, Encoding encoding, Assortment offered) {
    for (int token = 0; token < encoding.historyLength(); token++) {
      int item = encoding.historyItem(b, token);
      if (item >= 0 && offered.leaf(item) >= 0) {
        inWindow[item] = true;
        candidates.addHistory(item, encoding.copyHistory(b, token));
      }
    }
    for (int item : tables.distinctHistory(row, settings.copied())) {
      if (!inWindow[item] && offered.leaf(item) >= 0) {
        candidates.addHistory(item, Float.NEGATIVE_INFINITY);
      }
      inWindow[item] = false;
    }
  }

  @Override
  public void close() {
    search.close();
  }
}
