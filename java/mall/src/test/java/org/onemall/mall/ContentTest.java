package org.onemall.mall;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.onemall.model.Behavior;

/**
 * The next clicked card from the last one, by features that nobody trained: words of the title
 * (TF-IDF), and of the picture a colour histogram and a silhouette. Text and picture each add.
 */
class ContentTest {
  private static final int GRID = 14;
  private static final int BINS = 4;
  private static TestMall mall;
  private static float[][] text;
  private static float[][] picture;

  @BeforeAll
  static void make() throws IOException {
    mall = TestMall.get();
    text = texts();
    picture = new float[mall.world.catalogue.size()][];
    Pictures pictures = Pictures.in(mall.folder);
    for (int p = 0; p < picture.length; p++) {
      byte[] jpeg = pictures.jpeg(Pictures.ofProduct(mall.world.ids.product(p)));
      picture[p] = features(ImageIO.read(new ByteArrayInputStream(jpeg)));
    }
    centre(picture);
  }

  private static float[][] texts() {
    Texts titles = new Texts(mall.world);
    int size = mall.world.catalogue.size();
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

  /** Histogram of the colours that are not the corner's, and where they are. */
  private static float[] features(BufferedImage image) {
    float[] vector = new float[BINS * BINS * BINS + GRID * GRID];
    int corner = image.getRGB(2, 2);
    int cell = Painter.SIDE / GRID;
    for (int y = 0; y < Painter.SIDE; y += 2) {
      for (int x = 0; x < Painter.SIDE; x += 2) {
        int pixel = image.getRGB(x, y);
        int bin = 0;
        int difference = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          int value = (pixel >> shift) & 0xFF;
          bin = bin * BINS + value * BINS / 256;
          difference += Math.abs(value - ((corner >> shift) & 0xFF));
        }
        if (difference > 90) {
          vector[bin] += 0.01f;
          vector[BINS * BINS * BINS + y / cell * GRID + x / cell] += 0.01f;
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
    Log log = mall.log;
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
          if (last >= 0 && next != last && soon && pairs < 2_500) {
            score(last, scores);
            pairs++;
            for (int s = 0; s < 3; s++) {
              hits[s] += rank(scores[s], next, last) < 20 ? 1 : 0;
            }
          }
          last = next;
          lastMs = log.eventMs[row];
        }
      }
    }
    assertThat(pairs).isEqualTo(2_500);
    double byText = (double) hits[0] / pairs;
    double byPicture = (double) hits[1] / pairs;
    double byBoth = (double) hits[2] / pairs;
    assertThat(byPicture).isGreaterThan(3 * 20.0 / size);
    assertThat(byText).isGreaterThan(2 * byPicture);
    assertThat(byBoth).as("text %s, picture %s", byText, byPicture).isGreaterThan(byText + 0.02);
  }

  private static void score(int last, double[][] scores) {
    for (int p = 0; p < text.length; p++) {
      scores[0][p] = cosine(text[last], text[p]);
      scores[1][p] = cosine(picture[last], picture[p]);
      scores[2][p] = scores[0][p] + 0.4 * scores[1][p];
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
