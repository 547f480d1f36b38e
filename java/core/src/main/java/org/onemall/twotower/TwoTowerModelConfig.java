package org.onemall.twotower;

/**
 * What the network is opened with: {@code TwoTowerConfig} of {@code two_tower.py}.
 *
 * @param items in the catalogue
 * @param features fed per item
 */
record TwoTowerModelConfig(
    int items,
    int width,
    int features,
    TwoTowerConfig.Pool pool,
    double temperature,
    double dropout,
    double weightDecay) {
  static TwoTowerModelConfig of(TwoTowerConfig.Towers towers, int items, int features) {
    return new TwoTowerModelConfig(
        items,
        towers.width(),
        features,
        towers.pool(),
        towers.temperature(),
        towers.dropout(),
        towers.weightDecay());
  }
}
