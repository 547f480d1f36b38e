package org.onemall.twotower;

/**
 * What the network is opened with: {@code TwoTowerConfig} of {@code two_tower.py}.
 *
 * @param items that training may meet
 * @param features fed per item
 * @param categories that items may have; 0: not fed
 */
record TwoTowerModelConfig(
    int items,
    int width,
    int features,
    int categories,
    TwoTowerConfig.Pool pool,
    double temperature,
    double dropout,
    double weightDecay) {
  static TwoTowerModelConfig of(
      TwoTowerConfig.Towers towers, int items, int features, int categories) {
    return new TwoTowerModelConfig(
        items,
        towers.width(),
        features,
        categories,
        towers.pool(),
        towers.temperature(),
        towers.dropout(),
        towers.weightDecay());
  }
}
