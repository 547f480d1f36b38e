package org.onemall.ingest.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.onemall.shop.Behavior;
import org.onemall.shop.Periods;
import org.onemall.table.TableSchema;

/**
 * A random world of three scenarios, clean unless rows are added: 12 products, 8 videos of which 3
 * sell nothing, 4 rooms, 15 users, a page or two a day. Row lists are open to change.
 */
final class SmallMall {
  static final int PRODUCTS = 12;
  static final int VIDEOS = 8;
  static final int SELLING_VIDEOS = 5;
  static final int ROOMS = 4;
  static final int ITEMS = PRODUCTS + VIDEOS + ROOMS;
  static final int USERS = 15;
  static final int DAYS = 10;
  static final long START = 1_700_000_000_000L;

  final List<@Nullable Object[]> items = new ArrayList<>();
  final List<@Nullable Object[]> users = new ArrayList<>();
  final List<@Nullable Object[]> interactions = new ArrayList<>();
  final List<@Nullable Object[]> roomStates = new ArrayList<>();

  SmallMall(long seed) {
    Random random = new Random(seed);
    for (int item = 0; item < ITEMS; item++) {
      items.add(item(item, random));
    }
    for (int user = 0; user < USERS; user++) {
      users.add(new @Nullable Object[] {user, "u" + user, user % 5, null, user % 3, START - user});
    }
    int request = 0;
    for (long at = START; at < START + DAYS * Periods.DAY_MS; at += 1 + random.nextInt(7_000_000)) {
      page(request++, at, random);
    }
    for (int room = 0; room < ROOMS; room++) {
      for (int hour = 0; hour < 24 * DAYS; hour += 1 + random.nextInt(5)) {
        int[] products = random.ints(random.nextInt(4), 0, PRODUCTS).toArray();
        roomStates.add(
            new @Nullable Object[] {PRODUCTS + VIDEOS + room, START + hour * 3_600_000L, products});
      }
    }
  }

  private static @Nullable Object[] item(int item, Random random) {
    boolean product = item < PRODUCTS;
    boolean room = item >= PRODUCTS + VIDEOS;
    Integer sells =
        product || room || item >= PRODUCTS + SELLING_VIDEOS ? null : random.nextInt(PRODUCTS);
    String picture = "pictures/" + item + ".jpg";
    return new @Nullable Object[] {
      item,
      (product ? "p" : room ? "r" : "v") + item,
      product ? "product_card" : room ? "live_streaming" : "short_video",
      "Title of " + item,
      product || sells != null ? "Kitchen/mug " + item % 3 : "Cooking",
      product ? random.nextInt(10_000) / 100f : 0f,
      "shop " + item % 4,
      0L,
      product ? null : "seen " + item,
      product ? null : "heard " + item,
      sells,
      product ? List.of(picture) : List.of(picture, "pictures/more/" + item + ".jpg"),
      room ? null : START - random.nextInt(1_000_000),
      room || random.nextBoolean() ? null : START + DAYS * Periods.DAY_MS
    };
  }

  private void page(int request, long at, Random random) {
    int user = random.nextInt(USERS);
    for (int position = 0; position < 1 + random.nextInt(5); position++) {
      int item = random.nextInt(ITEMS);
      int behaviors = Behavior.EXPOSURE.bit();
      behaviors |= random.nextBoolean() ? Behavior.CLICK.bit() : 0;
      behaviors |= random.nextInt(3) == 0 ? Behavior.LONG_VIEW.bit() : 0;
      boolean buys = random.nextInt(6) == 0;
      behaviors |= buys ? Behavior.CLICK.bit() | Behavior.BUY.bit() : 0;
      interactions.add(
          new @Nullable Object[] {
            request,
            user,
            item,
            at,
            position,
            behaviors,
            buys ? 2f : 0f,
            buys ? 25.5f : 0f,
            at + 1_000L * position,
            random.nextInt(90_000),
            .01f + random.nextFloat() / 2,
            item < PRODUCTS ? (Integer) item : items.get(item)[10]
          });
    }
  }

  /** Writes it as a source folder of several days' files, or as Parquet. */
  Path write(Path folder, boolean parquet) throws IOException, SQLException {
    write(TableSchema.ITEMS, folder, "items", items, parquet);
    write(TableSchema.USERS, folder, "users", users, parquet);
    int half = interactions.size() / 2;
    write(
        TableSchema.INTERACTIONS, folder, "interactions/1", interactions.subList(0, half), parquet);
    write(
        TableSchema.INTERACTIONS,
        folder,
        "interactions/2",
        interactions.subList(half, interactions.size()),
        parquet);
    write(TableSchema.ROOM_STATES, folder, "room_states", roomStates, parquet);
    return folder;
  }

  private static void write(
      TableSchema table, Path folder, String name, List<@Nullable Object[]> rows, boolean parquet)
      throws IOException, SQLException {
    if (parquet) {
      SourceTables.parquet(table, folder.resolve(name + ".parquet"), rows);
    } else {
      SourceTables.arrow(table, folder.resolve(name + ".arrow"), rows);
    }
  }
}
