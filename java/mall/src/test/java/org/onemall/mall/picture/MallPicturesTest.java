package org.onemall.mall.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.onemall.mall.Mall;
import org.onemall.mall.check.TestMall;
import org.onemall.mall.world.ItemIds;
import org.onemall.mall.world.Products;

class MallPicturesTest {
  private static TestMall mall;
  private static MallPictures pictures;

  @BeforeAll
  static void open() throws IOException {
    mall = TestMall.get();
    pictures = Mall.pictures(mall.folder);
  }

  private static BufferedImage read(String path) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(pictures.jpeg(path)));
  }

  private static List<String> some() {
    ItemIds ids = mall.world.ids;
    return IntStream.range(0, 20)
        .boxed()
        .flatMap(i ->
            java.util.stream.Stream.of(
                MallPictures.ofProduct(ids.product(i)),
                MallPictures.ofVideo(ids.video(i), 1 + i % 6),
                MallPictures.ofVideo(ids.video(mall.world.videos.ecom + i), 1 + i % 6)))
        .toList();
  }

  @Test
  void theSameWhateverTheThread() throws IOException {
    MallPictures again = Mall.pictures(mall.folder);
    Map<String, List<Byte>> parallel =
        some().parallelStream()
            .collect(Collectors.toConcurrentMap(path -> path, path -> bytes(again, path)));
    for (String path : some()) {
      assertThat(bytes(pictures, path)).as(path).isEqualTo(parallel.get(path));
    }
    assertThat(parallel.values()).doesNotHaveDuplicates();
  }

  private static List<Byte> bytes(MallPictures of, String path) {
    try {
      byte[] jpeg = of.jpeg(path);
      return IntStream.range(0, jpeg.length).mapToObj(i -> jpeg[i]).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void areOfTheSizeThatNetworksRead() throws IOException {
    for (String path : some()) {
      BufferedImage image = read(path);
      assertThat(image.getWidth()).isEqualTo(224);
      assertThat(image.getHeight()).isEqualTo(224);
    }
  }

  /** Nearest mean colour of plain products, each product compared with all the others. */
  @Test
  void coloursCanBeRecognised() throws IOException {
    Products c = mall.world.products;
    Map<Integer, double[]> means = new TreeMap<>();
    Map<Integer, double[]> ofProduct = new TreeMap<>();
    for (int p = 0; p < 500; p++) {
      if (c.pattern[p] == 0) {
        double[] rgb = middle(read(MallPictures.ofProduct(mall.world.ids.product(p))));
        ofProduct.put(p, rgb);
        double[] sum = means.computeIfAbsent((int) c.colour[p], colour -> new double[4]);
        for (int i = 0; i < 3; i++) {
          sum[i] += rgb[i];
        }
        sum[3]++;
      }
    }
    int right = 0;
    for (Map.Entry<Integer, double[]> one : ofProduct.entrySet()) {
      int own = c.colour[one.getKey()];
      int best = -1;
      double least = Double.MAX_VALUE;
      for (Map.Entry<Integer, double[]> mean : means.entrySet()) {
        double distance = distance(one.getValue(), mean.getValue(), mean.getKey() == own);
        if (distance < least) {
          least = distance;
          best = mean.getKey();
        }
      }
      right += best == own ? 1 : 0;
    }
    assertThat(ofProduct.size()).isGreaterThan(100);
    assertThat((double) right / ofProduct.size()).isGreaterThan(0.8);
  }

  private static double distance(double[] rgb, double[] sums, boolean leaveOut) {
    double count = sums[3] - (leaveOut ? 1 : 0);
    double distance = 0;
    for (int i = 0; i < 3; i++) {
      double mean = (sums[i] - (leaveOut ? rgb[i] : 0)) / Math.max(count, 1);
      distance += (rgb[i] - mean) * (rgb[i] - mean);
    }
    return distance;
  }

  private static double[] middle(BufferedImage image) {
    double[] rgb = new double[3];
    for (int y = 100; y < 124; y++) {
      for (int x = 100; x < 124; x++) {
        int pixel = image.getRGB(x, y);
        for (int i = 0; i < 3; i++) {
          rgb[i] += ((pixel >> (8 * (2 - i))) & 0xFF) / 576.0;
        }
      }
    }
    return rgb;
  }

  @Test
  void whatTheWorldHasNotIsRefused() {
    ItemIds ids = mall.world.ids;
    for (String path :
        List.of(
            "pictures/product/" + ids.video(0) + ".jpg",
            "pictures/video/" + ids.video(0) + "/7.jpg",
            "pictures/video/" + ids.room(0) + "/1.jpg",
            "pictures/product/999999999.jpg",
            "../mall.json")) {
      assertThatThrownBy(() -> pictures.jpeg(path))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(path);
    }
  }

  @Test
  void aFolderWithoutAMallHasNone() {
    assertThatThrownBy(() -> Mall.pictures(mall.folder.resolve("truth")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("onemall mall");
  }
}
