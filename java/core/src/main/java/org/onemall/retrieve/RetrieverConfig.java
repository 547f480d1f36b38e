package org.onemall.retrieve;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The retriever's network, with the names of the Python dataclass; what the data decide (code
 * sizes, number of items) is added by {@link RetrieverShape}.
 *
 * @param width D, width of every token
 * @param queries M, tokens that a Query-Former makes of one behavior's history (Eq. 3); 0 gives the
 *     decoder the history itself
 * @param residual {@code standard}: pre-norm, one residual per block; {@code paper}: Eq. 6
 * @param expertType {@code mlp}: two matrices; {@code swiglu}: three
 * @param balanceRate gamma of the loss-free balancing
 * @param requestFeatures whether a token says how often, how much and how recently the user came
 * @param pointerHistory whether the retriever may copy from the user's history
 * @param pointerNeighbours whether it may copy from the item-to-item neighbours of the latest items
 * @param prior whether next-code logits add a learned multiple of the codes' log popularity
 * @param subject whether a history token also shows the product that its video or room sold;
 *     absent: no
 * @param tiedCodes whether the next code is scored by the embeddings that histories are made of;
 *     absent: no
 * @param recall whether the codes of the histories are counted up beside the decoder; absent: no
 * @param contrastivePosition {@code bos}: the state that retrieval has; {@code last}: the paper's
 */
public record RetrieverConfig(
    int width,
    int heads,
    int layers,
    int hidden,
    int queries,
    int experts,
    int expertsActive,
    ExpertType expertType,
    double balanceRate,
    Residual residual,
    double dropout,
    double tokenDrop,
    boolean itemEmbedding,
    boolean requestFeatures,
    boolean pointerHistory,
    boolean pointerNeighbours,
    boolean prior,
    double contrastiveWeight,
    double contrastiveTemperature,
    ContrastivePosition contrastivePosition,
    double generatorWeight,
    double weightDecay,
    double beta1,
    double beta2,
    double clip,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean subject,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean tiedCodes,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean recall) {

  /** What an expert of the sparse MoE is. */
  public enum ExpertType {
    MLP,
    SWIGLU
  }

  /** Where the decoder layer's residuals lie. */
  public enum Residual {
    STANDARD,
    PAPER
  }

  /** Which decoder position the contrastive loss pulls towards the target's item tower. */
  public enum ContrastivePosition {
    BOS,
    LAST
  }

  public RetrieverConfig {
    if (width < 1 || heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "width: expected a multiple of heads (%d), found %d".formatted(heads, width));
    }
    if (layers < 1 || hidden < 1 || queries < 0) {
      throw new IllegalArgumentException(
          "layers, hidden: expected at least 1, queries: at least 0, found %d, %d, %d"
              .formatted(layers, hidden, queries));
    }
    if (expertsActive < 1 || expertsActive > experts) {
      throw new IllegalArgumentException(
          "experts_active: expected 1 to experts (%d), found %d".formatted(experts, expertsActive));
    }
    requireShare("dropout", dropout);
    requireShare("token_drop", tokenDrop);
    if (contrastiveWeight < 0 || generatorWeight < 0 || contrastiveTemperature <= 0) {
      throw new IllegalArgumentException(
          "contrastive_weight, generator_weight: expected >= 0, contrastive_temperature > 0, found %s, %s, %s"
              .formatted(contrastiveWeight, generatorWeight, contrastiveTemperature));
    }
    if (clip <= 0) {
      throw new IllegalArgumentException("clip: expected a norm > 0, found " + clip);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s: expected 0 <= p < 1, found %s".formatted(name, value));
    }
  }
}
