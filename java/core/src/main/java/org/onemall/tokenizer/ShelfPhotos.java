package org.onemall.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.model.PictureSource;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/**
 * Products with a studio picture each, and photos of them on shelves, as items: first the products,
 * then the photos of product 0, of product 1, and so on.
 */
final class ShelfPhotos {
  /**
   * One product.
   *
   * @param label the kind of product, as a shelf's label would have it (Juice, Apple)
   * @param photos paths
   */
  private record Product(String title, String label, String picture, List<String> photos) {}

  private final Path folder;
  private final List<Product> products;

  private ShelfPhotos(Path folder, List<Product> products) {
    this.folder = folder;
    this.products = products;
  }

  /** Reads {@code meta.json}; a product without title is called by its class. */
  static ShelfPhotos read(Path folder) throws IOException {
    Path file = folder.resolve("meta.json");
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          folder
              + ": there is no meta.json with products and shelf photos here; this data set doesn't come with the product, say where it lies with --data");
    }
    List<Product> products = new ArrayList<>();
    for (JsonNode each : new ObjectMapper().readTree(file.toFile())) {
      String title = each.path("title").asText().strip();
      List<String> photos = new ArrayList<>();
      each.path("natural").forEach(photo -> photos.add(inFolder(folder, photo.asText())));
      products.add(
          new Product(
              title.isEmpty() ? each.path("cls").asText().replace('-', ' ') : title,
              each.path("coarse").asText().replace('-', ' '),
              inFolder(folder, each.path("iconic").asText()),
              photos));
    }
    return new ShelfPhotos(folder, products);
  }

  /** Paths may begin with the folder's own name. */
  private static String inFolder(Path folder, String path) {
    String own = folder.toAbsolutePath().normalize().getFileName() + "/";
    return path.startsWith(own) ? path.substring(own.length()) : path;
  }

  int products() {
    return products.size();
  }

  /** The items that are photos of a product. */
  int[] photos(int product) {
    int first = products.size();
    for (int before = 0; before < product; before++) {
      first += products.get(before).photos().size();
    }
    int[] photos = new int[products.get(product).photos().size()];
    for (int i = 0; i < photos.length; i++) {
      photos[i] = first + i;
    }
    return photos;
  }

  /** The files, by their path in the items table. */
  PictureSource source(int maxBytes) {
    return new PictureFolder(folder, maxBytes);
  }

  /**
   * Writes {@link TableSchema#ITEMS}.
   *
   * @param labelled whether a photo has its shelf's label as text, or no text
   */
  void writeItems(Path file, boolean labelled, BufferAllocator allocator) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEMS.schema(0), out, allocator)) {
      int item = 0;
      for (Product product : products) {
        row(writer, item++, product.title(), product.picture());
      }
      for (Product product : products) {
        for (String photo : product.photos()) {
          row(writer, item++, labelled ? product.label() : "", photo);
        }
      }
    }
  }

  private static void row(TableWriter writer, int item, String title, String picture)
      throws IOException {
    writer
        .setInt(0, item)
        .setString(1, picture)
        .setString(2, Scenario.PRODUCT_CARD.key())
        .setString(3, title)
        .setFloat(5, 0)
        .setLong(7, 0)
        .setStrings(11, List.of(picture))
        .endRow();
  }

  /** Writes {@link TableSchema#ITEM_PAIRS}: each photo of these products with its product. */
  void writePairs(Path file, int[] training, BufferAllocator allocator) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TableWriter writer = new TableWriter(TableSchema.ITEM_PAIRS.schema(0), out, allocator)) {
      for (int product : training) {
        for (int photo : photos(product)) {
          writer.setInt(0, photo).setInt(1, product).setFloat(2, 1).setString(3, "shelf").endRow();
        }
      }
    }
  }
}
