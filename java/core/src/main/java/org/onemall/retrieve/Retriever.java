package org.onemall.retrieve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.beam.BeamSearch;
import org.onemall.model.Model;
import org.onemall.model.Models;
import org.onemall.order.OrderConfig;
import org.onemall.sample.Assembler;
import org.onemall.tensor.Tensors;

/**
 * An open retriever that knows its items: fresh, to be trained, or with weights of a run. One
 * thread at a time; the tables are lent and must outlive it.
 */
public final class Retriever implements AutoCloseable {
  private final RetrieverCard card;
  private final RetrievalTables tables;
  private final Model model;
  private final BufferAllocator allocator;

  /**
   * Opens one with fresh weights.
   *
   * @param seed of weights and dropout
   */
  public Retriever(
      Models models,
      RetrieverCard card,
      RetrievalTables tables,
      long seed,
      BufferAllocator allocator)
      throws IOException {
    this.card = card;
    this.tables = tables;
    this.allocator = allocator;
    model = models.open(Models.Kind.RETRIEVER, card.shape(), seed);
    try {
      tables.feedItems(model);
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  public RetrieverCard card() {
    return card;
  }

  /** The network, for training. */
  public Model model() {
    return model;
  }

  /** A new assembler of its batches. */
  public Assembler assembler() {
    return tables.assembler(card.sample());
  }

  /** Number of parameters: all, and those that one token meets. */
  public Map<String, Double> sizes() {
    try (Tensors nothing = new Tensors()) {
      return model.infer("sizes", nothing, nothing);
    }
  }

  /** Losses and accuracies on a batch with targets. */
  public Map<String, Double> measure(Tensors batch) {
    try (Tensors nothing = new Tensors()) {
      return model.infer("measure", batch, nothing);
    }
  }

  /** Takes other weights; searches that were begun before must be closed. */
  public void load(Path weights) {
    model.load(weights, false);
  }

  /**
   * A search with the weights as they are; it belongs to the caller.
   *
   * @param threads of the beam search
   */
  public Retrieval search(OrderConfig order, int threads) {
    int[] sizes = tables.sids().sizes();
    return new Retrieval(
        new RetrieverModel(model, sizes, card.network().width(), allocator),
        assembler(),
        tables.tables(),
        tables.assortments(),
        new BeamSearch(sizes, order.beamSize(), threads, allocator),
        new Retrieval.Settings(card.network().prior(), card.sample().behaviors().getFirst(), order),
        allocator);
  }

  @Override
  public void close() {
    model.close();
  }
}
