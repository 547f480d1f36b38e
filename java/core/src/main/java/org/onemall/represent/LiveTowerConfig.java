package org.onemall.represent;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What the network is opened with: {@code LiveTowerConfig} of {@code live_tower.py}.
 *
 * @param rooms that training may meet
 * @param features floats known of a product
 * @param sizes codes of each level of a product's Semantic ID
 */
record LiveTowerConfig(
    int rooms,
    int products,
    int features,
    int history,
    int width,
    List<Integer> sizes,
    double temperature,
    double dropout,
    double weightDecay,
    double itemLearningRateShare) {
  static LiveTowerConfig of(
      RepresentConfig.Live config, int rooms, int products, int features, int[] sizes) {
    return new LiveTowerConfig(
        rooms,
        products,
        features,
        config.history(),
        config.width(),
        IntStream.of(sizes).boxed().toList(),
        config.temperature(),
        config.dropout(),
        config.weightDecay(),
        config.itemLearningRateShare());
  }
}
