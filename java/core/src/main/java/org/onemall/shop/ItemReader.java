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
import org.onemall.table.TableRows;
import org.onemall.table.TableSchema;

/**
 * Reads {@link TableSchema#ITEMS}, item by item: the one place that knows its columns. {@link
 * #next} moves to the next item; the rest is of the current one.
 */
public final class ItemReader implements AutoCloseable {
  private final Path file;
  private final TableRows table;
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

  /** Before the first item. */
  public ItemReader(Path file, BufferAllocator allocator) throws IOException {
    this.file = file;
    table = new TableRows(TableSchema.ITEMS, file, allocator);
    item = (IntVector) table.column("item");
    externalId = (VarCharVector) table.column("external_id");
    scenario = (VarCharVector) table.column("scenario");
    title = (VarCharVector) table.column("title");
    category = (VarCharVector) table.column("category");
    price = (Float4Vector) table.column("price");
    firstSeen = (BigIntVector) table.column("first_seen_ms");
    ocr = (VarCharVector) table.column("ocr");
    asr = (VarCharVector) table.column("asr");
    product = (IntVector) table.column("product");
    pictures = (ListVector) table.column("pictures");
    availableFrom = (BigIntVector) table.column("available_from_ms");
    availableTo = (BigIntVector) table.column("available_to_ms");
  }

  /** Number of items in a table. */
  public static int count(Path file, BufferAllocator allocator) throws IOException {
    return Math.toIntExact(TableReader.rows(TableSchema.ITEMS, file, allocator));
  }

  /** Moves to the next item; false after the last. */
  public boolean next() throws IOException {
    return table.next();
  }

  /** Whether the next item is in another batch of the file. */
  public boolean endsBatch() {
    return table.endsBatch();
  }

  /** The dense id, which in a run is the row. */
  public int item() {
    return item.get(table.row());
  }

  public String externalId() {
    return text(externalId, table.row());
  }

  /** Its scenario; one that doesn't exist is an {@link IOException}. */
  public Scenario scenario() throws IOException {
    String key = text(scenario, table.row());
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
    return text(title, table.row());
  }

  /** The path of the leaf category; null for none. */
  public @Nullable String category() {
    return optional(category);
  }

  /** In the source's currency. */
  public float price() {
    return price.get(table.row());
  }

  public long firstSeenMs() {
    return firstSeen.get(table.row());
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
    return product.isNull(table.row()) ? -1 : product.get(table.row());
  }

  /** Paths, the first one first. */
  public List<String> pictures() {
    List<String> paths = new ArrayList<>();
    if (!pictures.isNull(table.row())) {
      VarCharVector texts = (VarCharVector) pictures.getDataVector();
      for (int i = pictures.getElementStartIndex(table.row());
          i < pictures.getElementEndIndex(table.row());
          i++) {
        paths.add(text(texts, i));
      }
    }
    return paths;
  }

  /** Since when it is for sale; {@link Long#MIN_VALUE} for always. */
  public long availableFromMs() {
    return availableFrom.isNull(table.row()) ? Long.MIN_VALUE : availableFrom.get(table.row());
  }

  /** From when on it no longer is; {@link Long#MAX_VALUE} for never. */
  public long availableToMs() {
    return availableTo.isNull(table.row()) ? Long.MAX_VALUE : availableTo.get(table.row());
  }

  private @Nullable String optional(VarCharVector column) {
    return column.isNull(table.row()) ? null : text(column, table.row());
  }

  private static String text(VarCharVector column, int row) {
    return new String(column.get(row), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
