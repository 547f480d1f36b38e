package org.onemall.tokenizer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the embedding model costs, in closed form: what {@code --dry-run} says. A training step
 * needs 2 FLOPs a weight and token forward and twice that backward (once where the text model is
 * frozen), and causal attention at 2 a pair of positions and width.
 *
 * @param text parameters of the text model
 * @param textTrained those of them that are trained, adapters counted
 * @param vision parameters of the Swin; 0 without
 * @param visionTrained whether it has no pretrained weights
 * @param tokens of an item, all pictures there
 * @param trainingFlops of an item in a training step on pairs, with vision where pairs train it
 * @param pictureFlops of one picture forward
 * @param weightBytes of weights, on a GPU
 * @param optimizerBytes of gradients and AdamW
 * @param activationBytes of what a pass keeps for its backward half, roughly
 */
record EncoderSize(
    long text,
    long textTrained,
    long vision,
    boolean visionTrained,
    long tokens,
    double trainingFlops,
    double pictureFlops,
    double weightBytes,
    double optimizerBytes,
    double activationBytes) {
  private static final double GIB = 1L << 30;

  /** The size; null where a folder of weights isn't there to be read. */
  static @Nullable EncoderSize of(TokenizerConfig config) {
    TokenizerConfig.Encoder encoder = config.encoder();
    TextShape text = TextShape.of(encoder);
    TokenizerConfig.Vision vision = encoder.vision();
    SwinShape swin = vision == null ? null : SwinShape.of(vision);
    if (text == null || (vision != null && swin == null)) {
      return null;
    }
    long frames = vision == null ? 0 : vision.frames();
    long tokens = encoder.maxTokens() + frames * (vision == null ? 0 : vision.tokens()) + 1;
    boolean hasShortcut = vision != null && vision.shortcut() != null;
    long projectors =
        swin == null ? 0 : (hasShortcut ? 2 : 1) * projector(swin.lastWidth(), text.width());
    boolean trainsVision = swin != null && swin.built();
    long trained = textTrained(encoder, text);
    TokenizerConfig.Lora lora = encoder.lora();
    long adapters = lora == null ? 0 : text.adapters(lora.rank());
    long visionWeights = swin == null ? 0 : swin.parameters();
    double pictureFlops = swin == null ? 0 : swin.forwardFlops();
    double attention = 2.0 * tokens * tokens * text.layers() * text.heads() * text.headWidth();
    double forward =
        2.0 * tokens * (text.parameters() + adapters - text.vocabulary() * text.width())
            + attention;
    double training =
        forward * (lora == null ? 3 : 2)
            + (trainsVision && !hasShortcut ? 3 * frames * pictureFlops : 0);
    Integer gradCache = encoder.gradCache();
    long items = gradCache == null ? 2L * config.batchPairs() : gradCache;
    return new EncoderSize(
        text.parameters() + adapters,
        trained,
        visionWeights,
        trainsVision,
        tokens,
        training,
        pictureFlops,
        text.parameters() * (lora == null ? 4.0 : 2.0)
            + 4.0 * (adapters + projectors + visionWeights),
        12.0 * (trained + projectors + (trainsVision ? visionWeights : 0)),
        (double) items * tokens * text.layers() * (34.0 * text.width() + 12.0 * text.hidden()));
  }

  private static long textTrained(TokenizerConfig.Encoder encoder, TextShape text) {
    TokenizerConfig.Lora lora = encoder.lora();
    Integer layers = encoder.trainableLayers();
    if (lora != null) {
      return text.adapters(lora.rank());
    }
    return layers == null ? text.parameters() : Math.min(layers, text.layers()) * text.layer();
  }

  private static long projector(long from, long to) {
    return (from + 1) * to + (to + 1) * to;
  }

  /** One line for a person. */
  String describe(int batchPairs) {
    String pictures =
        vision == 0
            ? ""
            : ", vision %s (%s, %.1f GFLOPs a picture)"
                .formatted(count(vision), visionTrained ? "trained" : "frozen", pictureFlops / 1e9);
    return String.format(
        Locale.ROOT,
        "text model %s parameters, %s trained%s; %d tokens and %.1f GFLOPs an item in training, %.2f TFLOPs a step; memory about %.1f GiB = weights %.1f + gradients and AdamW %.1f + activations of a pass %.1f",
        count(text),
        count(textTrained),
        pictures,
        tokens,
        trainingFlops / 1e9,
        2 * batchPairs * trainingFlops / 1e12,
        (weightBytes + optimizerBytes + activationBytes) / GIB,
        weightBytes / GIB,
        optimizerBytes / GIB,
        activationBytes / GIB);
  }

  private static String count(long parameters) {
    return parameters >= 1_000_000_000
        ? String.format(Locale.ROOT, "%.2f B", parameters / 1e9)
        : String.format(Locale.ROOT, "%.1f M", parameters / 1e6);
  }
}
