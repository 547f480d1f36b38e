package org.onemall.mall.check;

/** Who orders the candidates of a request, from the one who knows all to the one who guesses. */
enum ReferenceScorer {
  /** Knows the hidden intent and the ranker's noise. */
  TRUE_STATE("oracle, true state"),
  /** Knows latents and laws, infers the intent from behaviour: the ceiling of a model. */
  BAYES("oracle, Bayes filter"),
  /** Knows latents and laws, forgets the session. */
  STATIC_USER("oracle, static user"),
  /** Knows latents, laws and the intent as {@link #BAYES} does, but not what a room shows now. */
  STATIC_ROOM("oracle, static room"),
  AFFINITY("author affinity only"),
  LEAF_LOOKS("leaf heuristic + colour/pattern"),
  LEAF_DIRECTED("leaf heuristic (directed)"),
  LEAF_SYMMETRIC("leaf heuristic (symmetric)"),
  ITEM_KNN("item-kNN"),
  POPULARITY("popularity, 3 days"),
  RANDOM("random");

  final String label;

  ReferenceScorer(String label) {
    this.label = label;
  }
}
