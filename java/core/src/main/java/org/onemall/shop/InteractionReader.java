package org.onemall.shop;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.IntVector;
import org.onemall.table.TableRows;
import org.onemall.table.TableSchema;

/**
 * Reads {@link TableSchema#INTERACTIONS}, row by row: the one place that knows its columns. In a
 * run rows are sorted by user, time, request and position. {@link #next} moves to the next row; the
 * rest is of the current one.
 */
public final class InteractionReader implements AutoCloseable {
  private final TableRows table;
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

  /** Before the first row. */
  public InteractionReader(Path file, BufferAllocator allocator) throws IOException {
    table = new TableRows(TableSchema.INTERACTIONS, file, allocator);
    request = (IntVector) table.column("request");
    user = (IntVector) table.column("user");
    item = (IntVector) table.column("item");
    time = (BigIntVector) table.column("time_ms");
    position = (IntVector) table.column("position");
    behaviors = (IntVector) table.column("behaviors");
    event = (BigIntVector) table.column("event_ms");
    watch = (IntVector) table.column("watch_ms");
    propensity = (Float4Vector) table.column("propensity");
    product = (IntVector) table.column("product");
  }

  /** Moves to the next row; false after the last. */
  public boolean next() throws IOException {
    return table.next();
  }

  public int request() {
    return request.get(table.row());
  }

  public int user() {
    return user.get(table.row());
  }

  /** The item that was shown. */
  public int item() {
    return item.get(table.row());
  }

  /** The request's moment. */
  public long timeMs() {
    return time.get(table.row());
  }

  /** Place among the items of the request. */
  public int position() {
    return position.get(table.row());
  }

  /** Mask of {@link Behavior#bit}. */
  public int behaviors() {
    return behaviors.get(table.row());
  }

  public boolean did(Behavior behavior) {
    return (behaviors() & behavior.bit()) != 0;
  }

  /** When the item was seen: at the request's moment or later. */
  public long seenMs() {
    return event.isNull(table.row()) ? timeMs() : event.get(table.row());
  }

  /** How long a video or room was watched; 0 where it is not known. */
  public int watchMs() {
    return watch.isNull(table.row()) ? 0 : watch.get(table.row());
  }

  /** Probability that the logging policy showed the item here; NaN where it is not known. */
  public float propensity() {
    return propensity.isNull(table.row()) ? Float.NaN : propensity.get(table.row());
  }

  /** The product concerned; -1 for none. */
  public int product() {
    return product.isNull(table.row()) ? -1 : product.get(table.row());
  }

  @Override
  public void close() throws IOException {
    table.close();
  }
}
