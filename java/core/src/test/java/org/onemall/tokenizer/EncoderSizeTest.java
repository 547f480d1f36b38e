package org.onemall.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.onemall.training.Schedule;

/**
 * Closed forms against the parameters that the Python side counts in the real modules ({@code
 * tests/python/bench_item_encoder.py --dry-run}, without memory for a weight).
 */
class EncoderSizeTest {
  private static final String QWEN2 =
      "qwen2:{\"vocab_size\": 151936, \"hidden_size\": 1536, \"num_hidden_layers\": 28,"
          + " \"num_attention_heads\": 12, \"num_key_value_heads\": 2, \"intermediate_size\": 8960}";
  private static final TokenizerConfig.Vision SWIN_B =
      new TokenizerConfig.Vision(
          "swin:{\"embed_dim\": 128, \"depths\": [2, 2, 18, 2], \"num_heads\": [4, 8, 16, 32]}",
          49,
          1,
          false,
          null);

  private static EncoderSize size(
      String backbone,
      TokenizerConfig.@Nullable Vision vision,
      @Nullable Integer layers,
      TokenizerConfig.@Nullable Lora lora) {
    TokenizerConfig.Encoder encoder =
        new TokenizerConfig.Encoder(
            backbone,
            TokenizerConfig.Attention.CAUSAL,
            TokenizerConfig.Readout.EMB,
            64,
            null,
            vision,
            layers,
            lora,
            64,
            0.05,
            false,
            false,
            0.01);
    boolean hasShortcut = vision != null && vision.shortcut() != null;
    TokenizerConfig.Align align = hasShortcut ? new TokenizerConfig.Align(1, 2, 0.1) : null;
    return Objects.requireNonNull(
        EncoderSize.of(
            new TokenizerConfig(encoder, 1, 128, new Schedule(0.1, 0, 1), align, null, null)));
  }

  @Test
  void qwen2AndSwinB() {
    EncoderSize full = size(QWEN2, SWIN_B, null, null);
    assertThat(full.text()).isEqualTo(1_543_714_304);
    assertThat(full.textTrained()).isEqualTo(1_543_714_304);
    assertThat(full.vision()).isEqualTo(86_743_224);
    assertThat(full.tokens()).isEqualTo(114);
    double swinTraining = 3 * full.pictureFlops();
    assertThat((full.trainingFlops() - swinTraining) / 1e9).isCloseTo(899.62656768, within(1e-6));
    assertThat(full.pictureFlops() / 1e9).isCloseTo(2 * 15.4, within(1.0)); // Swin's paper: 15.4 G
    assertThat(full.optimizerBytes() / (1L << 30))
        .isCloseTo(17.2964 + 86.743224 * 12e6 / (1L << 30), within(1e-3));
  }

  /** Vision that was aligned costs nothing on pairs; the shortcut has a projector of its own. */
  @Test
  void aShortcut() {
    var vision =
        new TokenizerConfig.Vision(SWIN_B.backbone(), SWIN_B.tokens(), SWIN_B.frames(), false, 0.3);
    EncoderSize size = size(QWEN2, vision, null, null);
    EncoderSize without = size(QWEN2, SWIN_B, null, null);
    assertThat(size.trainingFlops() / 1e9).isCloseTo(899.62656768, within(1e-6));
    long projector = (1024 + 1) * 1536 + (1536 + 1) * 1536;
    assertThat(size.weightBytes() - without.weightBytes()).isEqualTo(4.0 * projector);
    assertThat(size.optimizerBytes() - without.optimizerBytes()).isEqualTo(12.0 * projector);
  }

  @Test
  void adapters() {
    EncoderSize lora = size(QWEN2, SWIN_B, null, new TokenizerConfig.Lora(16, 32, 0));
    assertThat(lora.text()).isEqualTo(1_562_179_072);
    assertThat(lora.textTrained()).isEqualTo(18_464_768);
  }

  @Test
  void smallOnes() {
    assertThat(size("minilm", null, null, null).text()).isEqualTo(22_565_376);
    assertThat(size("minilm", null, 2, null).textTrained()).isEqualTo(2 * 1_774_464);
    assertThat(size("tiny_qwen2", null, null, null).text()).isEqualTo(139_840);
    assertThat(size("tiny_bert", null, null, null).text()).isEqualTo(136_896);
    assertThat(size("tiny_bert", null, null, new TokenizerConfig.Lora(2, 4, 0)).textTrained())
        .isEqualTo(3_584);
    assertThat(
            size(
                    "tiny_bert",
                    new TokenizerConfig.Vision(
                        "swin:{\"embed_dim\": 16, \"depths\": [1, 1, 2], \"num_heads\": [1, 2, 4],"
                            + " \"patch_size\": 8}",
                        1,
                        1,
                        false,
                        null),
                    null,
                    null)
                .vision())
        .isEqualTo(131_683);
    assertThat(
            EncoderSize.of(
                new TokenizerConfig(
                    new TokenizerConfig.Encoder(
                        "/nowhere",
                        TokenizerConfig.Attention.CAUSAL,
                        TokenizerConfig.Readout.EMB,
                        8,
                        null,
                        null,
                        null,
                        null,
                        null,
                        0.1,
                        false,
                        false,
                        0),
                    1,
                    2,
                    new Schedule(0.1, 0, 1),
                    null,
                    null,
                    null)))
        .isNull();
  }
}
