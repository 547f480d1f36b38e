package org.onemall.shop;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.onemall.table.TableReader;
import org.onemall.table.TableSchema;

/**
 * Reads {@link TableSchema#INTERACTIONS}, row by row: the one place that knows its columns. In a
 * run rows are sorted by user, time, request and position. {@link #next} moves to the next row; the
 * rest is of the current one.
 */
public final class InteractionReader implements AutoCloseable {
  private final TableReader table;
  private final IntVector request;
  private final IntVector user;
  private final IntVector item;
  private final BigIntVector time;
  private final IntVector position;
  private final IntVector behaviors;
  private final BigIntVector event;
  private final IntVector watch;
  private final Float4Vector propensity;
  private final IntVector product;
  private int row = -1;
  private int rows;

  /** Before the first row. */
  public InteractionReader(Path file, BufferAllocator allocator) throws IOException {
    table = new TableReader(TableSchema.INTERACTIONS, file, allocator);
    request = (IntVector) table.batch().getVector("request");
    user = (IntVector) table.batch().getVector("user");
    item = (IntVector) table.batch().getVector("item");
    time = (BigIntVector) table.batch().getVector("time_ms");
    position = (IntVector) table.batch().getVector("position");
    behaviors = (IntVector) table.batch().getVector("behaviors");
    event = (BigIntVector) table.batch().getVector("event_ms");
    watch = (IntVector) table.batch().getVector("watch_ms");
    propensity = (Float4Vector) table.batch().getVector("propensity");
    product = (IntVector) table.batch().getVector("product");
  }

  /** Moves to the next row; false after the last. */
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

  public int request() {
    return request.get(row);
  }

  public int user() {
    return user.get(row);
  }

  /** The item that was shown. */
  public int item() {
    return item.get(row);
  }

  /** The request's moment. */
  public long timeMs() {
    return time.get(row);
  }

  /** Place among the items of the request. */
  public int position() {
    return position.get(row);
  }

  /** Mask of {@link Behavior#bit}. */
  public int behaviors() {
    return behaviors.get(row);
  }

  public boolean did(Behavior behavior) {
    return (behaviors() & behavior.bit()) != 0;
  }

  /** When the item was seen: at the request's moment or later. */
  public long seenMs() {
    return event.isNull(row) ? timeMs() : event.get(row);
  }

  /** How long a video or room was watched; 0 where it is not known. */
  public int watchMs() {
    return watch.isNull(row) ? 0 : watch.get(row);
  }

  /** Probability that the logging policy showed the item here; NaN where it is not known. */
  public float propensity() {
    return propensity.isNull(row) ? Float.NaN : propensity.get(row);
  }

  /** The product concerned; -1 for none. */
  public int product() {
    return product.isNull(row) ? -1 : product.get(row);
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
