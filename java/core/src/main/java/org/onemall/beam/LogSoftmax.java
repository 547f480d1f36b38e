package org.onemall.beam;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Log-softmax over the children of one node, straight into the {@link BestNodes}.
 *
 * <p>Lanes are 8 wide on every machine, {@code exp} is a polynomial of our own (Cephes' expf,
 * within 2 ulp) and sums run in a fixed order: {@code lanewise(EXP)} and {@code reduceLanes(ADD)}
 * give other bits once the JIT takes over, and with them other orders.
 */
final class LogSoftmax {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_256;
  private static final int STEP = 2 * LANES.length();
  private static final float LOWEST = -86;
  private static final float ROUNDING = 12_582_912f; // 1.5 * 2^23: its sum with x is round(x)

  /** Logits of the node's children, filled up with negative infinity to whole steps. */
  final float[] logits;

  private final float[] lanes = new float[LANES.length()];
  private float max;
  private float logSum;

  LogSoftmax(int maxChildren) {
    logits = new float[Math.ceilDiv(maxChildren, STEP) * STEP];
  }

  /** Normalises the first {@code count} logits; false where a logit is NaN or none is finite. */
  boolean normalise(int count) {
    int end = Math.ceilDiv(count, STEP) * STEP;
    Arrays.fill(logits, count, end, Float.NEGATIVE_INFINITY);
    FloatVector highest = FloatVector.fromArray(LANES, logits, 0);
    for (int i = LANES.length(); i < end; i += LANES.length()) {
      highest = highest.max(FloatVector.fromArray(LANES, logits, i));
    }
    max = highest.reduceLanes(VectorOperators.MAX);
    if (!Float.isFinite(max)) {
      return false;
    }
    FloatVector even = FloatVector.zero(LANES);
    FloatVector odd = FloatVector.zero(LANES);
    for (int i = 0; i < end; i += STEP) {
      even = even.add(exp(FloatVector.fromArray(LANES, logits, i).sub(max)));
      odd = odd.add(exp(FloatVector.fromArray(LANES, logits, i + LANES.length()).sub(max)));
    }
    even.add(odd).intoArray(lanes, 0);
    double sum = 0;
    for (float lane : lanes) {
      sum += lane;
    }
    logSum = (float) StrictMath.log(sum);
    return true;
  }

  /** Offers every child: its log-probability plus {@code parent}, and the node {@code from + i}. */
  void offer(int count, float parent, int from, BestNodes best) {
    for (int i = 0; i < count; i += LANES.length()) {
      FloatVector scores = FloatVector.fromArray(LANES, logits, i).sub(max).sub(logSum).add(parent);
      VectorMask<Float> kept = scores.compare(VectorOperators.GE, best.threshold());
      long lane = kept.toLong();
      if (lane == 0) {
        continue;
      }
      scores.intoArray(lanes, 0);
      for (; lane != 0; lane &= lane - 1) {
        int at = Long.numberOfTrailingZeros(lane);
        best.add(lanes[at], from + i + at);
      }
    }
  }

  /** e^x for x <= 0; 0 below {@value #LOWEST}. */
  private static FloatVector exp(FloatVector x) {
    VectorMask<Float> zero = x.compare(VectorOperators.LT, LOWEST);
    FloatVector bounded = x.max(LOWEST);
    FloatVector shifted =
        bounded.fma(
            FloatVector.broadcast(LANES, 1.442695f), FloatVector.broadcast(LANES, ROUNDING));
    FloatVector power = shifted.sub(ROUNDING);
    FloatVector rest = power.fma(FloatVector.broadcast(LANES, -0.6933594f), bounded);
    rest = power.fma(FloatVector.broadcast(LANES, 2.12194440e-4f), rest);
    FloatVector sum = FloatVector.broadcast(LANES, 1.9875691e-4f);
    sum = sum.fma(rest, FloatVector.broadcast(LANES, 1.3981999e-3f));
    sum = sum.fma(rest, FloatVector.broadcast(LANES, 8.333452e-3f));
    sum = sum.fma(rest, FloatVector.broadcast(LANES, 4.1665796e-2f));
    sum = sum.fma(rest, FloatVector.broadcast(LANES, 1.6666666e-1f));
    sum = sum.fma(rest, FloatVector.broadcast(LANES, 0.5f));
    sum = sum.fma(rest.mul(rest), rest).add(1);
    return shifted
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, 23)
        .add(sum.reinterpretAsInts())
        .reinterpretAsFloats()
        .blend(0, zero);
  }
}
