package org.onemall.retrieve;

import java.util.Arrays;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.onemall.beam.Children;
import org.onemall.beam.NextCodes;
import org.onemall.model.Model;
import org.onemall.offer.Assortment;
import org.onemall.sample.Popularity;
import org.onemall.tensor.DType;
import org.onemall.tensor.Tensor;
import org.onemall.tensor.Tensors;

/**
 * What the retriever made of a batch of requests: the port that the beam search asks, the pointer's
 * probabilities, and the tower's query.
 */
public final class Encoding implements NextCodes, AutoCloseable {
  /** Ways to an item: generator, history, neighbours. */
  static final int WAYS = 3;

  private final Model model;
  private final BufferAllocator allocator;
  private final Tensors out;
  private final Map<String, Double> figures;
  private final int[] historyItems;
  private final int[] neighbourItems;
  private final int historyLength;
  private final int neighbours;
  private @Nullable Tensors logits;

  Encoding(
      Model model,
      Tensor history,
      Tensor neighbour,
      Tensors out,
      Map<String, Double> figures,
      BufferAllocator allocator) {
    this.model = model;
    this.allocator = allocator;
    this.out = out;
    this.figures = figures;
    historyItems = ints(history);
    neighbourItems = ints(neighbour);
    historyLength = (int) history.dim(1);
    neighbours = (int) neighbour.dim(1);
  }

  private static int[] ints(Tensor tensor) {
    int[] values = new int[(int) tensor.size()];
    Arrays.setAll(values, tensor::getInt);
    return values;
  }

  @Override
  public Tensor first() {
    return out.get("logits_0");
  }

  @Override
  public Tensor next(int level, Tensor parentBW, Tensor codeBW, Children children) {
    closeLogits();
    Tensors answer = new Tensors();
    logits = answer;
    String name = "logits_" + level;
    Tensor result = answer.add(name, allocator, DType.FLOAT32, children.code().size());
    try (Tensors in = new Tensors()) {
      // Lent, not given: the search owns them.
      in.lend("parent", parentBW).lend("code", codeBW);
      in.lend("offset", children.offset()).lend("child", children.code());
      model.infer("next", in, answer);
    }
    return result;
  }

  @Override
  public float priorWeight(int level) {
    return (float) figure("alpha_" + level);
  }

  /** Log-probabilities of the three ways: generator, history, neighbours. */
  public float gate(int request, int way) {
    return out.get("gate").getFloat((long) request * WAYS + way);
  }

  /** Tokens of the widest history of the batch. */
  public int historyLength() {
    return historyLength;
  }

  /** The item of a history token, most recent first; −1 for padding. */
  public int historyItem(int request, int token) {
    return historyItems[request * historyLength + token];
  }

  /** Log-probability of copying it, given that something of the history is copied. */
  public float copyHistory(int request, int token) {
    return out.get("copy_history").getFloat((long) request * historyLength + token);
  }

  /** Neighbours of the request with the most. */
  public int neighbours() {
    return neighbours;
  }

  /** The item of a neighbour; −1 for padding. */
  public int neighbourItem(int request, int neighbour) {
    return neighbourItems[request * neighbours + neighbour];
  }

  /** Log-probability of copying it, given that a neighbour is copied. */
  public float copyNeighbour(int request, int neighbour) {
    return out.get("copy_neighbour").getFloat((long) request * neighbours + neighbour);
  }

  /**
   * The item tower's scores of what is offered: scaled cosine of query and item, learned weights of
   * the popularities, and a bonus of what is in the history. Negative infinity for the rest.
   *
   * @param scores one for each item of all scenarios, overwritten
   */
  void towerScores(
      int request,
      TowerVectors vectors,
      Assortment offered,
      Popularity popularity,
      int snapshot,
      float[] scores) {
    Tensor user = out.get("user");
    int width = (int) user.dim(1);
    float[] query = user.toFloats((long) request * width, width);
    float[] all = vectors.all();
    int[] rows = vectors.rows(offered);
    float scale = (float) figure("tower_scale");
    float recent = (float) figure("popularity_weight_0");
    float total = (float) figure("popularity_weight_1");
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows.length; i++) {
      int item = offered.item(i);
      float dot = 0;
      int row = rows[i] * width;
      for (int d = 0; d < width; d++) {
        dot += query[d] * all[row + d];
      }
      scores[item] =
          scale * dot
              + recent * (float) Math.log1p(popularity.recent(snapshot, item))
              + total * (float) Math.log1p(popularity.total(snapshot, item));
    }
    for (int token = 0; token < historyLength; token++) {
      int item = historyItem(request, token);
      if (item >= 0) {
        scores[item] += out.get("tower_copy").getFloat((long) request * historyLength + token);
      }
    }
  }

  private double figure(String name) {
    Double value = figures.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "retriever: 'start' gave no " + name + ", but " + figures.keySet());
    }
    return value;
  }

  private void closeLogits() {
    if (logits != null) {
      logits.close();
      logits = null;
    }
  }

  @Override
  public void close() {
    closeLogits();
    out.close();
  }
}
