package org.onemall.semanticid;

import org.onemall.codebook.Centroids;
import org.onemall.codebook.Fsq;
import org.onemall.codebook.NearestCode;
import org.onemall.tensor.Tensor;

/** The last level of a codebook: what gives the code of a residual, and what a code stands for. */
public sealed interface LastLevel {
  /** The residual that each code stands for. */
  Centroids values();

  /** The code of each residual: float32 (N, D). */
  int[] codes(Tensor residual, int threads);

  /** How badly other codes than its own fit an item. */
  CodeDistance distance(int[] codes, Tensor residual);

  /** One more k-means level. */
  record KMeansLevel(Centroids values) implements LastLevel {
    @Override
    public int[] codes(Tensor residual, int threads) {
      return new NearestCode(values).of(residual, threads);
    }

    @Override
    public CodeDistance distance(int[] codes, Tensor residual) {
      return CodeDistance.squared(residual, values);
    }
  }

  /** A trained FSQ network, which stays the caller's. */
  record FsqLevel(Fsq fsq, Centroids values) implements LastLevel {
    public FsqLevel(Fsq fsq) {
      this(fsq, fsq.reconstructions());
    }

    @Override
    public int[] codes(Tensor residual, int threads) {
      return fsq.codes(residual);
    }

    @Override
    public CodeDistance distance(int[] codes, Tensor residual) {
      return CodeDistance.hamming(codes, residual, values);
    }
  }
}
