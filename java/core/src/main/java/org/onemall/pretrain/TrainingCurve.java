package org.onemall.pretrain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.onemall.run.JsonFile;

/**
 * What training looked like, without times, so that equal runs have equal curves. Mutable while
 * training; goes into checkpoints and becomes {@code training.json}.
 */
public final class TrainingCurve {
  /**
   * Mean figures of the steps up to {@code step} since the point before: the model's own, gradient
   * norm among them, and the learning rate.
   */
  public record Point(long step, SortedMap<String, Double> figures) {}

  /** Figures of the validation sample after an epoch. */
  public record Validation(
      long step, int epoch, double loss, List<Double> accSid, SortedMap<String, Double> figures) {}

  private final List<Point> steps;
  private final List<Validation> validations;
  private int bestEpoch;

  public TrainingCurve() {
    this(List.of(), List.of(), -1);
  }

  @JsonCreator
  TrainingCurve(
      @JsonProperty("steps") List<Point> steps,
      @JsonProperty("validations") List<Validation> validations,
      @JsonProperty("best_epoch") int bestEpoch) {
    this.steps = new ArrayList<>(steps);
    this.validations = new ArrayList<>(validations);
    this.bestEpoch = bestEpoch;
  }

  void add(Point point) {
    steps.add(point);
  }

  /** Adds a validation; true if it is the best so far. */
  boolean add(Validation validation) {
    boolean best = bestEpoch < 0 || validation.loss() < bestLoss();
    validations.add(validation);
    if (best) {
      bestEpoch = validation.epoch();
    }
    return best;
  }

  private double bestLoss() {
    return validations.get(bestEpoch).loss();
  }

  /** Epochs since the best one. */
  int epochsWithoutBest() {
    return validations.size() - 1 - bestEpoch;
  }

  @JsonProperty("steps")
  public List<Point> steps() {
    return List.copyOf(steps);
  }

  @JsonProperty("validations")
  public List<Validation> validations() {
    return List.copyOf(validations);
  }

  /** The epoch whose weights are kept; −1 before the first validation. */
  @JsonProperty("best_epoch")
  public int bestEpoch() {
    return bestEpoch;
  }

  /**
   * Writes it as JSON.
   *
   * @param parameters of the network: all, and those that one token meets
   */
  public void write(Map<String, Double> parameters, OutputStream out) throws IOException {
    ObjectNode report = JsonFile.tree(this).require();
    report.set("parameters", JsonFile.tree(parameters));
    JsonFile.write(report, out);
  }
}
