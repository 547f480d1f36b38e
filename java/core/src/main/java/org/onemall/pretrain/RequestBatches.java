package org.onemall.pretrain;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.retrieve.RetrievalTables;
import org.onemall.retrieve.Retriever;
import org.onemall.sample.Assembler;
import org.onemall.sample.History;
import org.onemall.sample.SampleConfig;
import org.onemall.shop.Period;
import org.onemall.tensor.Tensors;

/** Requests of a period, assembled. */
public final class RequestBatches implements BatchSource {
  private final int targets;
  private final Assembler assembler;
  private final BufferAllocator allocator;
  private final RetrievalTables tables;
  private final SampleConfig config;
  private final int[] train;
  private final int[] validation;

  /**
   * @param targets drawn of a request at most
   */
  public RequestBatches(
      RetrievalTables tables, Retriever retriever, int targets, BufferAllocator allocator) {
    this.tables = tables;
    this.config = retriever.card().sample();
    this.targets = targets;
    this.assembler = retriever.assembler();
    this.allocator = allocator;
    this.train = tables.requests().rows(Period.TRAIN);
    this.validation = tables.requests().rows(Period.VALIDATION);
  }

  @Override
  public int trainRequests() {
    return train.length;
  }

  @Override
  public int validationRequests() {
    return validation.length;
  }

  @Override
  public int trainLength(int position) {
    return length(train[position]);
  }

  @Override
  public int validationLength(int position) {
    return length(validation[position]);
  }

  /** Events of the target behavior before the request: at least as many as tokens of them. */
  private int length(int row) {
    History history = tables.history();
    int bit = config.targetBehavior().bit();
    int events = 0;
    long end = tables.requests().historyEnd(row);
    for (long at = history.start(tables.requests().user(row)); at < end; at++) {
      events += (history.behaviors(at) & bit) != 0 ? 1 : 0;
    }
    return Math.min(config.historyLength(), events);
  }

  @Override
  public Tensors training(int[] positions, long seed) {
    return batch(train, positions, seed);
  }

  @Override
  public Tensors validation(int[] positions, long seed) {
    return batch(validation, positions, seed);
  }

  private Tensors batch(int[] period, int[] positions, long seed) {
    int[] rows = Arrays.stream(positions).map(position -> period[position]).toArray();
    return assembler.training(rows, targets, new SplittableRandom(seed), allocator);
  }
}
