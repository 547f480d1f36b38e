package org.onemall.mall.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.onemall.mall.Mall;
import org.onemall.mall.picture.MallPictures;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.WorldTexts;
import org.onemall.shop.Behavior;

/**
 * The next clicked card from the last one, by features that nobody trained: words of the title
 * (TF-IDF), and of the picture a colour histogram and a silhouette. Text and picture each add.
 */
class ContentTest {
  private static final int GRID = 14;
  private static final int BINS = 4;

  /** Of a picture, in pixels. */
  private static final int SIDE = 224;

  /** Of 1,200 products, ten a leaf: deep enough that colours within a leaf count. */
  private static final int DEPTH = 100;

  private static TestMall mall;
  private static float[][] text;
  private static float[][] mask;
  private static float[][] colour;

  @BeforeAll
  static void make() throws IOException {
    mall = TestMall.get();
    text = texts();
    mask = new float[mall.world.products.size()][];
    colour = new float[mask.length][];
    MallPictures pictures = Mall.pictures(mall.folder);
    for (int p = 0; p < mask.length; p++) {
      byte[] jpeg = pictures.jpeg(MallPictures.ofProduct(mall.world.ids.product(p)));
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
      mask[p] = mask(image);
      colour[p] = colours(image);
    }
    centre(mask);
    centre(colour);
  }

  private static float[][] texts() {
    WorldTexts titles = new WorldTexts(mall.world);
    int size = mall.world.products.size();
    Map<String, Integer> words = new HashMap<>();
    Map<String, Integer> documents = new HashMap<>();
    for (int p = 0; p < size; p++) {
      for (String word : titles.productTitle(p).split(" ")) {
        words.putIfAbsent(word, words.size());
        documents.merge(word, 1, Integer::sum);
      }
    }
    float[][] vectors = new float[size][words.size()];
    for (int p = 0; p < size; p++) {
      for (String word : titles.productTitle(p).split(" ")) {
        int place = words.getOrDefault(word, 0);
        double share = (double) documents.getOrDefault(word, 1) / size;
        vectors[p][place] -= (float) Math.log(share);
      }
      normalise(vectors[p]);
    }
    return vectors;
  }

  private static void normalise(float[] vector) {
    double sum = 1e-9;
    for (float v : vector) {
      sum += v * v;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(sum);
    }
  }

  private static void centre(float[][] vectors) {
    double[] mean = new double[vectors[0].length];
    for (float[] vector : vectors) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += vector[i] / vectors.length;
      }
    }
    for (float[] vector : vectors) {
      for (int i = 0; i < mean.length; i++) {
        vector[i] -= (float) mean[i];
      }
      normalise(vector);
    }
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE);
  }

  /** Where the picture differs from its corner: the silhouette, more or less. */
  private static float[] mask(BufferedImage image) {
    float[] vector = new float[GRID * GRID];
    int[] pixels = pixels(image);
    int corner = image.getRGB(2, 2);
    int cell = SIDE / GRID;
    for (int y = 0; y < SIDE; y += 2) {
      for (int x = 0; x < SIDE; x += 2) {
        int difference = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          difference +=
              Math.abs(((pixels[y * SIDE + x] >> shift) & 0xFF) - ((corner >> shift) & 0xFF));
        }
        vector[y / cell * GRID + x / cell] += difference > 90 ? 1 : 0;
      }
    }
    return vector;
  }

  /** Square roots of the colours' shares in the middle, each spread over the nearest bins. */
  private static float[] colours(BufferedImage image) {
    int[] pixels = pixels(image);
    float[] vector = new float[BINS * BINS * BINS];
    for (int y = 72; y < 152; y += 2) {
      for (int x = 72; x < 152; x += 2) {
        for (int corner = 0; corner < 8; corner++) {
          int bin = 0;
          double weight = 1;
          for (int channel = 0; channel < 3; channel++) {
            int value = (pixels[y * SIDE + x] >> (8 * channel)) & 0xFF;
            double at = ReproducibleMath.clip(value * BINS / 256.0 - 0.5, 0, BINS - 1.001);
            int low = (int) at;
            boolean upper = ((corner >> channel) & 1) == 1;
            weight *= upper ? at - low : 1 - at + low;
            bin = bin * BINS + low + (upper ? 1 : 0);
          }
          vector[bin] += (float) weight;
        }
      }
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) Math.sqrt(vector[i]);
    }
    return vector;
  }

  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void textAndPictureEachAdd() {
    LogWithTruth log = mall.log;
    int size = text.length;
    int pairs = 0;
    int[] hits = new int[3];
    int user = -1;
    int last = -1;
    long lastMs = 0;
    double[][] scores = new double[3][size];
    for (int r : log.byUser()) {
      last = log.user[r] == user ? last : -1;
      user = log.user[r];
      for (int row = log.firstRow[r]; row < log.firstRow[r + 1]; row++) {
        if (log.did(row, Behavior.CLICK) && log.scenario(mall.world, r) == 0) {
          int next = mall.world.ids.number(log.item[row]);
          boolean soon = log.eventMs[row] - lastMs <= 30 * 60_000L;
          if (last >= 0 && next != last && soon && pairs < 1_500) {
            score(last, scores);
            pairs++;
            for (int s = 0; s < 3; s++) {
              hits[s] += rank(scores[s], next, last) < DEPTH ? 1 : 0;
            }
          }
          last = next;
          lastMs = log.eventMs[row];
        }
      }
    }
    assertThat(pairs).isEqualTo(1_500);
    double byText = (double) hits[0] / pairs;
    double byPicture = (double) hits[1] / pairs;
    double byBoth = (double) hits[2] / pairs;
    assertThat(byPicture).isGreaterThan(2.0 * DEPTH / size);
    assertThat(byText).isGreaterThan(byPicture + 0.05);
    assertThat(byBoth).as("text %s, picture %s", byText, byPicture).isGreaterThan(byText + 0.02);
  }

  private static void score(int last, double[][] scores) {
    for (int p = 0; p < text.length; p++) {
      scores[0][p] = cosine(text[last], text[p]);
      scores[1][p] = cosine(mask[last], mask[p]) + cosine(colour[last], colour[p]);
      scores[2][p] = scores[0][p] + 0.15 * scores[1][p];
    }
  }

  private static double rank(double[] scores, int target, int not) {
    double better = 0;
    for (int p = 0; p < scores.length; p++) {
      if (p != not && p != target) {
        better += scores[p] > scores[target] ? 1 : scores[p] == scores[target] ? 0.5 : 0;
      }
    }
    return better;
  }
}
