package org.onemall.shop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * Reads {@link TableSchema#ITEMS}, item by item: the one place that knows its columns. {@link
 * #next} moves to the next item; the rest is of the current one.
 */
public final class ItemReader implements AutoCloseable {
  private final Path file;
  private final TableReader table;
  private final IntVector item;
  private final VarCharVector externalId;
  private final VarCharVector scenario;
  private final VarCharVector title;
  private final VarCharVector category;
  private final Float4Vector price;
  private final BigIntVector firstSeen;
  private final VarCharVector ocr;
  private final VarCharVector asr;
  private final IntVector product;
  private final ListVector pictures;
  private final BigIntVector availableFrom;
  private final BigIntVector availableTo;
  private int row = -1;
  private int rows;

  /** Before the first item. */
  public ItemReader(Path file, BufferAllocator allocator) throws IOException {
    this.file = file;
    table = new TableReader(TableSchema.ITEMS, file, allocator);
    item = (IntVector) table.batch().getVector("item");
    externalId = (VarCharVector) table.batch().getVector("external_id");
    scenario = (VarCharVector) table.batch().getVector("scenario");
    title = (VarCharVector) table.batch().getVector("title");
    category = (VarCharVector) table.batch().getVector("category");
    price = (Float4Vector) table.batch().getVector("price");
    firstSeen = (BigIntVector) table.batch().getVector("first_seen_ms");
    ocr = (VarCharVector) table.batch().getVector("ocr");
    asr = (VarCharVector) table.batch().getVector("asr");
    product = (IntVector) table.batch().getVector("product");
    pictures = (ListVector) table.batch().getVector("pictures");
    availableFrom = (BigIntVector) table.batch().getVector("available_from_ms");
    availableTo = (BigIntVector) table.batch().getVector("available_to_ms");
  }

  /** Number of items in a table. */
  public static int count(Path file, BufferAllocator allocator) throws IOException {
    return Math.toIntExact(TableReader.rows(TableSchema.ITEMS, file, allocator));
  }

  /** Moves to the next item; false after the last. */
  public boolean next() throws IOException {
    while (++row >= rows) {
      if (!table.next()) {
        return false;
      }
      rows = table.batch().getRowCount();
      row = -1;
    }
    return true;
  }

  /** Whether the next item is in another batch of the file. */
  public boolean endsBatch() {
    return row + 1 == rows;
  }

  /** The dense id, which in a run is the row. */
  public int item() {
    return item.get(row);
  }

  public String externalId() {
    return text(externalId, row);
  }

  /** Its scenario; one that doesn't exist is an {@link IOException}. */
  public Scenario scenario() throws IOException {
    String key = text(scenario, row);
    for (Scenario each : Scenario.values()) {
      if (each.key().equals(key)) {
        return each;
      }
    }
    throw new IOException(
        "%s: expected a scenario of %s, found '%s' at item %d; run stage ingest again"
            .formatted(
                file, Arrays.stream(Scenario.values()).map(Scenario::key).toList(), key, item()));
  }

  public String title() {
    return text(title, row);
  }

  /** The path of the leaf category; null for none. */
  public @Nullable String category() {
    return optional(category);
  }

  /** In the source's currency. */
  public float price() {
    return price.get(row);
  }

  public long firstSeenMs() {
    return firstSeen.get(row);
  }

  /** What stands in its pictures; null for nothing. */
  public @Nullable String ocr() {
    return optional(ocr);
  }

  /** What is said in it; null for nothing. */
  public @Nullable String asr() {
    return optional(asr);
  }

  /** The item that a short video sells; -1 for none. */
  public int product() {
    return product.isNull(row) ? -1 : product.get(row);
  }

  /** Paths, the first one first. */
  public List<String> pictures() {
    List<String> paths = new ArrayList<>();
    if (!pictures.isNull(row)) {
      VarCharVector texts = (VarCharVector) pictures.getDataVector();
      for (int i = pictures.getElementStartIndex(row); i < pictures.getElementEndIndex(row); i++) {
        paths.add(text(texts, i));
      }
    }
    return paths;
  }

  /** Since when it is for sale; {@link Long#MIN_VALUE} for always. */
  public long availableFromMs() {
    return availableFrom.isNull(row) ? Long.MIN_VALUE : availableFrom.get(row);
  }

  /** From when on it no longer is; {@link Long#MAX_VALUE} for never. */
  public long availableToMs() {
    return availableTo.isNull(row) ? Long.MAX_VALUE : availableTo.get(row);
  }

  private @Nullable String optional(VarCharVector column) {
    return column.isNull(row) ? null : text(column, row);
  }

  private static String text(VarCharVector column, int row) {
    return new String(column.get(row), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
