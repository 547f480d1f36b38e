package org.onemall.represent;

/**
 * Settings of stage represent: the weight of each part of a product card's vector; a part of weight
 * 0 is left out. The paper's card is the embedding alone.
 *
 * @param embedding of what the item tokenizer makes of the text
 * @param tower of the item's place in the two-tower space
 */
public record RepresentConfig(double embedding, double tower) {
  public RepresentConfig {
    if (!(embedding >= 0 && tower >= 0 && embedding + tower > 0)) {
      throw new IllegalArgumentException(
          "represent: expected weights of 0 or more, not all 0, found embedding %s and tower %s"
              .formatted(embedding, tower));
    }
  }
}
