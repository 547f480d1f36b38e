package org.onemall.retrieve;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.baseline.FittedBaseline;
import org.onemall.beam.BeamSearch;
import org.onemall.beam.Beams;
import org.onemall.beam.SearchSpace;
import org.onemall.offer.Assortment;
import org.onemall.offer.Assortments;
import org.onemall.order.Candidates;
import org.onemall.order.OrderConfig;
import org.onemall.order.Part;
import org.onemall.sample.Assembler;
import org.onemall.sample.Query;
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
   * Takes the candidates of one query of the batch, counted from 0. They are lent for the call, as
   * is the tower's score of every item; what isn't offered then scores negative infinity.
   */
  @FunctionalInterface
  public interface Sink {
    void accept(int query, Candidates candidates, float[] tower, Assortment offered);
  }

  /** The log-probability of a way that is switched off. */
  private static final float NEVER = Float.NEGATIVE_INFINITY;

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
   * @param order how candidates are made comparable
   */
  public record Settings(boolean prior, Behavior copied, OrderConfig order) {}

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

  /** Retrieves for a batch of queries; the sink sees them in order. */
  public void retrieve(List<Query> queries, Memory memory, Sink sink) {
    retrieve(queries, memory, whole -> whole, sink);
  }

  /**
   * Likewise, of a part of what is on offer: the search goes nowhere else, so that as many come
   * back as are wanted and there are.
   */
  public void retrieve(
      List<Query> queries, Memory memory, UnaryOperator<Assortment> part, Sink sink) {
    List<Assortment> offered = new ArrayList<>();
    List<SearchSpace> spaces = new ArrayList<>();
    for (Query query : queries) {
      offered.add(part.apply(assortments.at(query.timeMs())));
      spaces.add(offered.getLast().space(settings.prior(), query.snapshot()));
    }
    towerVectors.prepare(offered);
    try (Tensors batch = assembler.inputs(queries, allocator);
        Encoding encoding = model.encode(batch, settings.copied().key())) {
      Beams beams = search.search(encoding, spaces);
      FittedBaseline.Scores similar = memory.knn().batch(queries);
      FittedBaseline.Scores habits = memory.frequency().batch(queries);
      for (int b = 0; b < queries.size(); b++) {
        Query query = queries.get(b);
        similar.fill(b, knn);
        habits.fill(b, frequency);
        encoding.towerScores(
            b, towerVectors, offered.get(b), tables.popularity(), query.snapshot(), tower);
        fill(b, query, encoding, beams, offered.get(b));
        sink.accept(b, candidates, tower, offered.get(b));
      }
    }
  }

  private void fill(int b, Query query, Encoding encoding, Beams beams, Assortment offered) {
    candidates.clear();
    SidIndex index = offered.index();
    for (int i = 0; i < beams.count(b); i++) {
      int leaf = beams.leaf(b, i);
      int count = 0;
      for (int place = 0; place < index.count(leaf); place++) {
        if (offered.sid(index.item(leaf, place)) >= 0) {
          sidItems[count++] = index.item(leaf, place);
        }
      }
      candidates.addSid(sidItems, 0, count, beams.logProbability(b, i));
    }
    addHistory(b, query, encoding, offered);
    for (int n = 0; n < encoding.neighbours(); n++) {
      int neighbour = encoding.neighbourItem(b, n);
      if (neighbour >= 0 && offered.sid(neighbour) >= 0) {
        candidates.addNeighbour(neighbour, encoding.copyNeighbour(b, n));
      }
    }
    candidates.fill(Part.TOWER, item -> tower[item]);
    candidates.fill(Part.MEMORY, item -> knn[item]);
    candidates.fill(Part.FREQUENCY, item -> frequency[item]);
    if (settings.order().parts().pointer()) {
      candidates.complete(
          encoding.gate(b, 0),
          encoding.gate(b, 1),
          encoding.gate(b, 2),
          settings.order().sharedSid());
    } else {
      candidates.complete(0, NEVER, NEVER, settings.order().sharedSid());
    }
  }

  /** What is on offer of the history that the pointer sees, then the older rest of it. */
  private void addHistory(int b, Query query, Encoding encoding, Assortment offered) {
    for (int token = 0; token < encoding.historyLength(); token++) {
      int item = encoding.historyItem(b, token);
      if (item >= 0 && offered.sid(item) >= 0) {
        inWindow[item] = true;
        candidates.addHistory(item, encoding.copyHistory(b, token));
      }
    }
    for (int item : query.distinct(settings.copied())) {
      if (!inWindow[item] && offered.sid(item) >= 0) {
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
