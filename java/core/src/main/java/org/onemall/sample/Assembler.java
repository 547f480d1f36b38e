package org.onemall.sample;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.offer.Offer;
import org.onemall.sample.SampleConfig.TargetWeight;
import org.onemall.semanticid.SidLookup;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * Assembles the retriever's batches: the one place where histories become tensors, for training,
 * measurement, evaluation and serving alike. A batch is a function of its queries (and of the
 * random source for the draw of targets) and knows nothing later than each one's moment.
 *
 * <p>Shapes: B = requests, T = longest history of the batch, L = levels, P = neighbours, S =
 * targets, C = candidates, K_l = codes of a level. Tensors of a batch:
 *
 * <ul>
 *   <li>per behavior b, over the items of all scenarios: {@code b_item} (B,T), -1 = padding; {@code
 *       b_code} (B,T,L), valid at the event, of the item or else of the product that it sold then,
 *       {@link SidLookup#NONE} where neither has a SID in this scenario; {@code b_product} (B,T):
 *       that product, -1 = none; {@code b_offered} (B,T): 1 = can be retrieved at the request's
 *       moment; {@code b_feature} (B,T,3): requests since, times among what was read of the
 *       history, age
 *   <li>{@code request} (B,4), all log1p: earlier requests, mean rows of them, age of the latest,
 *       and the span from the first to the latest
 *   <li>{@code neighbour_item} (B,P), -1 = padding, {@code neighbour_code} (B,P,L), {@code
 *       neighbour_score} (B,P): see {@link HistoryNeighbours}
 *   <li>with targets: {@code target_item}, {@code target_weight}, {@code target_candidate} (B,S),
 *       {@code target_code} (B,S,L), {@code prior_0} (B,K_0), {@code prior_l} (B,S,K_l), {@code
 *       candidate_item}, {@code candidate_log_q} (C), {@code candidate_code} (C,L), {@code
 *       candidate_popularity} (B,C,2), {@code candidate_known} (B,C)
 * </ul>
 *
 * <p>Holds scratch: one object per thread; the tables are shared.
 */
public final class Assembler {
  private final SampleConfig config;
  private final SampleTables tables;
  private final SidLookup sids;
  private final Offer offer;
  private final Prior prior;
  private final AgeUnit unit;
  private final int[] codes;
  private final int[] sid;
  private final HistoryTokens[] tokens;
  private final HistoryNeighbours neighbours;
  private final TargetDraw targets;

  /**
   * @param codes number of codes of each level
   */
  public Assembler(
      SampleConfig config,
      SampleTables tables,
      SidLookup sids,
      Offer offer,
      Prior prior,
      int... codes) {
    this.config = config;
    this.tables = tables;
    this.sids = sids;
    this.offer = offer;
    this.prior = prior;
    this.unit = config.ages();
    this.codes = codes.clone();
    this.sid = new int[codes.length];
    int items = tables.history().items();
    this.tokens =
        config.behaviors().stream()
            .map(behavior -> new HistoryTokens(behavior, items, config.historyLength(behavior)))
            .toArray(HistoryTokens[]::new);
    this.neighbours = new HistoryNeighbours(tables.neighbours(), offer, items, config);
    this.targets = new TargetDraw(tables.requests(), items);
  }

  /**
   * A training batch with at most {@code width} targets a request, drawn without replacement. The
   * batch belongs to the caller.
   */
  public Tensors training(
      int[] rows, int width, RandomGenerator random, BufferAllocator allocator) {
    if (width < 1) {
      throw new IllegalArgumentException("targets: expected at least 1, found " + width);
    }
    Tensors batch = inputs(tables.queries(rows), allocator);
    try {
      targets.draw(rows, width, random);
      addTargets(batch, rows, allocator);
      return batch;
    } catch (RuntimeException e) {
      batch.close();
      throw e;
    }
  }

  /** A batch with all targets of every request, which belongs to the caller. */
  public Tensors measurement(int[] rows, BufferAllocator allocator) {
    Tensors batch = inputs(tables.queries(rows), allocator);
    try {
      targets.all(rows);
      addTargets(batch, rows, allocator);
      return batch;
    } catch (RuntimeException e) {
      batch.close();
      throw e;
    }
  }

  /** A batch without targets, for evaluation and serving, which belongs to the caller. */
  public Tensors inputs(List<Query> queries, BufferAllocator allocator) {
    Tensors batch = new Tensors();
    try {
      int levels = codes.length;
      int count = queries.size();
      long shapeB = count;
      int width = config.neighbours();
      Tensor item = Tensor.allocate(allocator, DType.INT32, shapeB, width).fillInt(-1);
      batch.put("neighbour_item", item);
      Tensor code = batch.add("neighbour_code", allocator, DType.INT32, shapeB, width, levels);
      Tensor score = batch.add("neighbour_score", allocator, DType.FLOAT32, shapeB, width);
      Tensor request = batch.add("request", allocator, DType.FLOAT32, shapeB, 4);
      Stream.of(tokens).forEach(t -> t.begin(count));
      for (int b = 0; b < count; b++) {
        Query query = queries.get(b);
        for (HistoryTokens of : tokens) {
          of.scan(b, query);
          if (of.behavior == config.targetBehavior()) {
            addNeighbours(b, query, of, item, code, score);
          }
        }
        addRequest(request, b, query);
      }
      for (HistoryTokens of : tokens) {
        addTokens(batch, queries, of, allocator);
      }
      return batch;
    } catch (RuntimeException e) {
      batch.close();
      throw e;
    }
  }

  private void addNeighbours(
      int b, Query query, HistoryTokens of, Tensor item, Tensor code, Tensor score) {
    long moment = query.timeMs();
    neighbours.gather(of, b, query.snapshot(), moment);
    for (int rank = 0; rank < neighbours.size(); rank++) {
      long at = (long) b * config.neighbours() + rank;
      item.setInt(at, neighbours.item(rank));
      score.setFloat(at, neighbours.score(rank));
      setCode(code, at, neighbours.item(rank), moment);
    }
  }

  private void addRequest(Tensor request, int b, Query query) {
    int earlier = query.requests();
    if (earlier == 0) {
      return;
    }
    long first = query.history().timeMs(query.start());
    long latest = query.history().timeMs(query.end() - 1);
    double[] values = {
      earlier,
      (query.end() - query.start()) / (double) earlier,
      unit.of(query.timeMs() - latest),
      unit.of(latest - first)
    };
    for (int i = 0; i < values.length; i++) {
      request.setFloat(4L * b + i, (float) StrictMath.log1p(values[i]));
    }
  }

  private void addTokens(
      Tensors batch, List<Query> queries, HistoryTokens of, BufferAllocator allocator) {
    String name = of.behavior.key();
    int length = of.longest(queries.size());
    long shapeB = queries.size();
    Tensor item = Tensor.allocate(allocator, DType.INT32, shapeB, length).fillInt(-1);
    batch.put(name + "_item", item);
    Tensor code = batch.add(name + "_code", allocator, DType.INT32, shapeB, length, codes.length);
    Tensor product = Tensor.allocate(allocator, DType.INT32, shapeB, length).fillInt(-1);
    batch.put(name + "_product", product);
    Tensor offered = batch.add(name + "_offered", allocator, DType.UINT8, shapeB, length);
    Tensor feature = batch.add(name + "_feature", allocator, DType.FLOAT32, shapeB, length, 3);
    for (int b = 0; b < queries.size(); b++) {
      long moment = queries.get(b).timeMs();
      int from = of.start(b);
      for (int t = 0; t < of.count[b]; t++) {
        long at = (long) b * length + t;
        int token = of.item[from + t];
        item.setInt(at, token);
        product.setInt(at, of.product[from + t]);
        offered.setByte(at, (byte) (offer.has(token, moment) ? 1 : 0));
        setCode(code, at, token, of.timeMs[from + t]);
        if (sid[0] == SidLookup.NONE && of.product[from + t] >= 0) {
          setCode(code, at, of.product[from + t], of.timeMs[from + t]);
        }
        feature.setFloat(3 * at, of.age[from + t]);
        feature.setFloat(3 * at + 1, of.times[from + t]);
        feature.setFloat(3 * at + 2, (float) unit.of(moment - of.timeMs[from + t]));
      }
    }
  }

  private void addTargets(Tensors batch, int[] rows, BufferAllocator allocator) {
    int levels = codes.length;
    int width = targets.width;
    long shapeB = rows.length;
    Tensor item = Tensor.allocate(allocator, DType.INT32, shapeB, width).fillInt(-1);
    batch.put("target_item", item);
    Tensor code = batch.add("target_code", allocator, DType.INT32, shapeB, width, levels);
    Tensor weight = batch.add("target_weight", allocator, DType.FLOAT32, shapeB, width);
    Tensor candidate = batch.add("target_candidate", allocator, DType.INT32, shapeB, width);
    Tensor[] priors = new Tensor[levels];
    for (int level = 0; level < levels; level++) {
      priors[level] =
          level == 0
              ? batch.add("prior_0", allocator, DType.FLOAT32, shapeB, codes[0])
              : batch.add("prior_" + level, allocator, DType.FLOAT32, shapeB, width, codes[level]);
    }
    for (int b = 0; b < rows.length; b++) {
      int snapshot = tables.requests().snapshot(rows[b]);
      long moment = tables.requests().timeMs(rows[b]);
      int basket = tables.requests().targetCount(rows[b]);
      float share = config.targetWeight() == TargetWeight.BASKET ? basket : 1;
      prior.fill(moment, snapshot, sid, 0, priors[0], (long) b * codes[0]);
      for (int s = 0; s < Math.min(width, basket); s++) {
        long at = (long) b * width + s;
        int target = targets.target[b * width + s];
        item.setInt(at, target);
        setCode(code, at, target, moment);
        weight.setFloat(at, share / Math.min(width, basket));
        candidate.setInt(at, targets.candidateOf(target));
        for (int level = 1; level < levels; level++) {
          prior.fill(moment, snapshot, sid, level, priors[level], at * codes[level]);
        }
      }
    }
    addCandidates(batch, rows, allocator);
  }

  private void addCandidates(Tensors batch, int[] rows, BufferAllocator allocator) {
    int count = targets.candidates;
    long shapeB = rows.length;
    Tensor item = batch.add("candidate_item", allocator, DType.INT32, count);
    Tensor code = batch.add("candidate_code", allocator, DType.INT32, count, codes.length);
    Tensor logQ = batch.add("candidate_log_q", allocator, DType.FLOAT32, count);
    Tensor popularity =
        batch.add("candidate_popularity", allocator, DType.FLOAT32, shapeB, count, 2);
    Tensor known = batch.add("candidate_known", allocator, DType.UINT8, shapeB, count);
    for (int c = 0; c < count; c++) {
      int of = targets.candidate[c];
      item.setInt(c, of);
      setCode(code, c, of, tables.requests().timeMs(rows[targets.broughtBy[c]]));
      logQ.setFloat(c, targets.logQ(of, rows));
    }
    int[] filled = new int[tables.popularity().snapshots() + 1];
    for (int b = 0; b < rows.length; b++) {
      int snapshot = tables.requests().snapshot(rows[b]);
      long first = (long) b * count;
      if (filled[snapshot + 1] == 0) {
        addPopularity(popularity, first, count, snapshot);
        filled[snapshot + 1] = b + 1;
      } else {
        long rowBytes = 2L * count * Float.BYTES;
        long from = (filled[snapshot + 1] - 1) * rowBytes;
        MemorySegment.copy(
            popularity.segment(), from, popularity.segment(), b * rowBytes, rowBytes);
      }
      for (int t = 0; t < tables.requests().targetCount(rows[b]); t++) {
        int c = targets.candidateOf(tables.requests().target(rows[b], t));
        if (c >= 0) {
          known.setByte(first + c, (byte) 1);
        }
      }
    }
  }

  private void addPopularity(Tensor popularity, long first, int count, int snapshot) {
    for (int c = 0; c < count; c++) {
      int of = targets.candidate[c];
      popularity.setFloat(2 * (first + c), tables.popularity().logRecent(snapshot, of));
      popularity.setFloat(2 * (first + c) + 1, tables.popularity().logTotal(snapshot, of));
    }
  }

  private void setCode(Tensor code, long row, int item, long timeMs) {
    sids.codes(item, timeMs, sid);
    for (int level = 0; level < sid.length; level++) {
      code.setInt(row * sid.length + level, sid[level]);
    }
  }
}
