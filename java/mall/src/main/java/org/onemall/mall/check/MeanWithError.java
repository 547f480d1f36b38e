package org.onemall.mall.check;

/** A mean and its standard error. */
final class MeanWithError {
  private long count;
  private double sum;
  private double squares;

  void add(double x) {
    count++;
    sum += x;
    squares += x * x;
  }

  long count() {
    return count;
  }

  double mean() {
    return sum / count;
  }

  double error() {
    double mean = mean();
    return Math.sqrt(Math.max(0, squares / count - mean * mean) / count);
  }
}
