package org.onemall.mall.tables;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.onemall.mall.users.Shopper;
import org.onemall.mall.world.Products;
import org.onemall.mall.world.Videos;
import org.onemall.mall.world.World;
import org.onemall.table.TableSchema;
import org.onemall.table.TableWriter;

/** Writes the latents of products, videos and users, which no stage up to evaluate may read. */
public final class TruthTables {
  private final World world;
  private final WorldFolder folder;
  private final BufferAllocator allocator;

  public TruthTables(World world, WorldFolder folder, BufferAllocator allocator) {
    this.world = world;
    this.folder = folder;
    this.allocator = allocator;
  }

  public void write() throws IOException {
    folder.table("truth/products.arrow", TableSchema.TRUTH_PRODUCTS, allocator, this::products);
    folder.table("truth/videos.arrow", TableSchema.TRUTH_VIDEOS, allocator, this::videos);
    folder.table("truth/users.arrow", TableSchema.TRUTH_USERS, allocator, this::users);
  }

  private void products(TableWriter table) throws IOException {
    Products c = world.products;
    for (int p = 0; p < c.size(); p++) {
      table
          .setInt(0, world.ids.product(p))
          .setInt(1, c.leaf[p])
          .setInt(2, c.style[p])
          .setInt(3, c.colour[p])
          .setInt(4, c.pattern[p])
          .setInt(5, c.material[p])
          .setInt(6, c.use[p])
          .setInt(7, c.brand[p])
          .setFloat(8, c.priceZ[p])
          .setFloat(9, c.quality[p])
          .setFloat(10, c.bait[p])
          .setFloat(11, c.popularity[p])
          .setInt(12, c.arrival[p]);
      if (Float.isInfinite(c.end[p])) {
        table.setNull(13);
      } else {
        table.setFloat(13, c.end[p]);
      }
      table.endRow();
    }
  }

  private void videos(TableWriter table) throws IOException {
    Videos v = world.videos;
    for (int i = 0; i < v.ecom; i++) {
      table
          .setInt(0, world.ids.video(i))
          .setInt(1, world.ids.product(v.product[i]))
          .setFloat(2, v.quality[i])
          .setFloat(3, v.bait(i, world.products))
          .setFloat(4, v.popularity[i])
          .setNull(5)
          .setNull(6)
          .setNull(7)
          .setNull(8)
          .endRow();
    }
    for (int i = 0; i < v.entertainment; i++) {
      table
          .setInt(0, world.ids.video(v.ecom + i))
          .setNull(1)
          .setFloat(2, v.appeal[i])
          .setFloat(3, 0)
          .setNull(4)
          .setInt(5, v.category[i])
          .setInt(6, v.topicLeaf[i])
          .setInt(7, v.topicColour[i])
          .setInt(8, v.topicPattern[i])
          .endRow();
    }
  }

  private void users(TableWriter table) throws IOException {
    Shopper shopper = new Shopper(world);
    for (int u = 0; u < world.parameters.users(); u++) {
      shopper.load(u, world.parameters.days() - 1);
      double[] sums = shopper.scenarioSums;
      double[] scenario = {sums[0], sums[1] - sums[0], sums[2] - sums[1]};
      table
          .setInt(0, u)
          .setInt(1, shopper.persona)
          .setFloat(2, (float) shopper.priceTarget)
          .setFloat(3, (float) shopper.priceSensitivity)
          .setVector(4, floats(shopper.leaves))
          .setVector(5, floats(shopper.style))
          .setVector(6, floats(shopper.colour))
          .setVector(7, floats(shopper.pattern))
          .setVector(8, floats(scenario))
          .setVector(9, floats(shopper.entertainment))
          .endRow();
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
