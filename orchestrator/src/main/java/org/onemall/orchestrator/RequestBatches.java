package org.onemall.orchestrator;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.ingest.Period;
import org.onemall.pretrain.BatchSource;
import org.onemall.sample.Assembler;
import org.onemall.tensor.Tensors;

/** Requests of a period, assembled. */
final class RequestBatches implements BatchSource {
  private final int targets;
  private final Assembler assembler;
  private final BufferAllocator allocator;
  private final RequestTables tables;
  private final int longest;
  private final int[] train;
  private final int[] validation;

  RequestBatches(StageContext context, RequestTables tables, Assembler assembler) {
    this.tables = tables;
    this.longest = context.config().sample().historyLength();
    this.targets = context.config().pretrain().targetsPerRequest();
    this.assembler = assembler;
    this.allocator = context.allocator();
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

  /** Rows of the user before the request: at least as many as tokens, and cheap to know. */
  private int length(int row) {
    long rows =
        tables.requests().historyEnd(row) - tables.history().start(tables.requests().user(row));
    return (int) Math.min(longest, rows);
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
