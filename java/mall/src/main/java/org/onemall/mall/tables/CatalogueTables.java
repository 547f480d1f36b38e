package org.onemall.mall.tables;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.mall.picture.MallPictures;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.world.AttributeWords;
import org.onemall.mall.world.Authors;
import org.onemall.mall.world.DrawPurpose;
import org.onemall.mall.world.HashRandom;
import org.onemall.mall.world.ItemIds;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.ReproducibleMath;
import org.onemall.mall.world.Taxonomy;
import org.onemall.mall.world.World;
import org.onemall.mall.world.WorldClock;
import org.onemall.mall.world.WorldTexts;
import org.onemall.shop.Scenario;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** Writes what does not change over the days: items, users, and the states of rooms. */
public final class CatalogueTables {
  private final World world;
  private final WorldTexts texts;
  private final WorldFolder folder;
  private final BufferAllocator allocator;

  public CatalogueTables(World world, WorldFolder folder, BufferAllocator allocator) {
    this.world = world;
    this.texts = new WorldTexts(world);
    this.folder = folder;
    this.allocator = allocator;
  }

  public void items() throws IOException {
    folder.table("items.arrow", TableSchema.ITEMS, allocator, this::writeItems);
  }

  private void writeItems(TableWriter table) throws IOException {
    for (int item = 0; item < world.ids.size(); item++) {
      int number = world.ids.number(item);
      table.setInt(0, item);
      switch (world.ids.kind(item)) {
        case PRODUCT -> product(table, item, number);
        case ECOM_VIDEO -> ecomVideo(table, item, number);
        case ENTERTAINMENT_VIDEO -> entertainmentVideo(table, item, number);
        case ROOM -> room(table, item, number);
      }
      table.endRow();
    }
  }

  private static void name(TableWriter table, String prefix, int item, Scenario scenario) {
    table.setString(1, prefix + item).setString(2, scenario.key());
  }

  private static void available(TableWriter table, int arrival, float end) {
    table.setLong(7, WorldClock.startMs(arrival)).setLong(12, WorldClock.startMs(arrival));
    if (Float.isInfinite(end)) {
      table.setNull(13);
    } else {
      table.setLong(13, WorldClock.startMs((int) Math.ceil(end)));
    }
  }

  private void product(TableWriter table, int item, int p) {
    Products c = world.products;
    name(table, "p", item, Scenario.PRODUCT_CARD);
    String top = world.taxonomy.topName(Taxonomy.top(c.leaf[p]));
    table
        .setString(3, texts.productTitle(p))
        .setString(4, world.taxonomy.path(c.leaf[p]))
        .setFloat(5, (float) c.yuan(p))
        .setString(6, top + " shop " + c.shop[p])
        .setString(8, null)
        .setString(9, null)
        .setNull(10)
        .setStrings(11, List.of(MallPictures.ofProduct(item)));
    available(table, c.arrival[p], c.end[p]);
  }

  private void ecomVideo(TableWriter table, int item, int v) {
    int p = world.videos.product[v];
    name(table, "v", item, Scenario.SHORT_VIDEO);
    table
        .setString(3, texts.videoTitle(v))
        .setString(4, world.taxonomy.path(world.products.leaf[p]))
        .setFloat(5, (float) world.products.yuan(p))
        .setString(6, AttributeWords.person(world.videos.creator[v]))
        .setString(8, texts.videoOcr(v))
        .setString(9, texts.videoAsr(v))
        .setInt(10, world.ids.product(p))
        .setStrings(11, frames(item));
    float end = Math.min(world.videos.end[v], world.products.end[p]);
    available(table, world.videos.arrival[v], end);
  }

  private static List<String> frames(int item) {
    return IntStream.rangeClosed(1, MallPictures.FRAMES)
        .mapToObj(frame -> MallPictures.ofVideo(item, frame))
        .toList();
  }

  private void entertainmentVideo(TableWriter table, int item, int v) {
    name(table, "v", item, Scenario.SHORT_VIDEO);
    table
        .setString(3, texts.entertainmentTitle(v))
        .setString(4, AttributeWords.entertainment(world.videos.category[v]))
        .setFloat(5, 0)
        .setString(6, AttributeWords.person(world.videos.creator[world.videos.ecom + v]))
        .setLong(7, WorldClock.startMs(0))
        .setString(8, null)
        .setString(9, texts.entertainmentAsr(v))
        .setNull(10)
        .setStrings(11, frames(item))
        .setNull(12)
        .setNull(13);
  }

  private void room(TableWriter table, int item, int author) {
    name(table, "r", item, Scenario.LIVE_STREAMING);
    table
        .setString(3, texts.roomTitle(author))
        .setString(4, world.taxonomy.topName(world.authors.top[author]))
        .setFloat(5, 0)
        .setString(6, AttributeWords.person(author))
        .setLong(7, WorldClock.startMs(0))
        .setString(8, null)
        .setString(9, null)
        .setNull(10)
        .setNull(11)
        .setNull(12)
        .setNull(13);
  }

  public void users() throws IOException {
    folder.table("users.arrow", TableSchema.USERS, allocator, this::writeUsers);
  }

  /** Noisy views of the latents; never the latents. */
  private void writeUsers(TableWriter table) throws IOException {
    Shopper shopper = new Shopper(world);
    for (int u = 0; u < world.parameters.users(); u++) {
      shopper.load(u, 0);
      long key = world.draws.key(u, 0, 0, 0);
      int age = world.personas.ageBand[shopper.persona];
      int city = world.personas.cityTier[shopper.persona];
      boolean otherAge = HashRandom.uniform(key, DrawPurpose.PROFILE, 0) < 0.3;
      boolean otherCity = HashRandom.uniform(key, DrawPurpose.PROFILE, 1) < 0.3;
      double price = shopper.priceTarget + 0.7 * HashRandom.normal(key, DrawPurpose.PROFILE, 4);
      int band = (int) ReproducibleMath.clip(Math.floor((price + 1.75) / 0.7), 0, 4);
      int registered = Shopper.registrationDay(world, u);
      double time = HashRandom.uniform(key, DrawPurpose.PROFILE, 5);
      table
          .setInt(0, u)
          .setString(1, "u" + u)
          .setInt(2, otherAge ? HashRandom.index(key, DrawPurpose.PROFILE, 2, 6) : age)
          .setInt(3, otherCity ? HashRandom.index(key, DrawPurpose.PROFILE, 3, 5) : city)
          .setInt(4, band)
          // In the night, before the first session of a day can begin
          .setLong(5, WorldClock.startMs(registered) + (long) (time * 60_000))
          .endRow();
    }
  }

  public void roomStates() throws IOException {
    folder.table("room_states.arrow", TableSchema.ROOM_STATES, allocator, this::writeRoomStates);
  }

  private void writeRoomStates(TableWriter table) throws IOException {
    int days = world.parameters.days();
    boolean[][] onSale = new boolean[days][world.products.size()];
    for (int d = 0; d < days; d++) {
      for (int p = 0; p < onSale[d].length; p++) {
        onSale[d][p] = world.products.isOnSale(p, d);
      }
    }
    for (int item = 0; item < world.ids.size(); item++) {
      if (world.ids.kind(item) == ItemIds.Kind.ROOM) {
        for (int d = 0; d < days; d++) {
          roomDay(table, item, d, onSale[d]);
        }
      }
    }
  }

  private void roomDay(TableWriter table, int item, int day, boolean[] onSale) throws IOException {
    Authors authors = world.authors;
    int author = world.ids.number(item);
    if (!authors.isScheduled(author, day)) {
      return;
    }
    int[] before = {};
    for (int block = authors.firstBlock[author]; block <= authors.endBlock[author]; block++) {
      boolean over = block == authors.endBlock[author];
      int[] list = over ? new int[0] : authors.list(author, day, block, onSale);
      if (!java.util.Arrays.equals(list, before)) {
        before = list;
        int[] items = new int[list.length];
        for (int i = 0; i < list.length; i++) {
          items[i] = world.ids.product(list[i]);
        }
        long from = WorldClock.startMs(day) + (long) block * WorldClock.BLOCK_MS;
        table.setInt(0, item).setLong(1, from).setInts(2, items).endRow();
      }
    }
  }
}
