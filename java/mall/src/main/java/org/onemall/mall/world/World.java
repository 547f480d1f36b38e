package org.onemall.mall.world;

import java.util.List;
import org.onemall.shop.Scenario;

/** Everything about a world that does not change over its days; made from parameters alone. */
public final class World {
  /** A scenario's number inside the world is its place here. */
  public static final List<Scenario> SCENARIOS = List.of(Scenario.values());

  public final WorldParameters parameters;
  public final HashRandom draws;
  public final Taxonomy taxonomy;
  public final Products products;
  public final Authors authors;
  public final Videos videos;
  public final ItemIds ids;
  public final Personas personas;

  public World(WorldParameters parameters) {
    this.parameters = parameters;
    draws = new HashRandom(parameters.seed());
    taxonomy = new Taxonomy();
    products = new Products(parameters, taxonomy, draws);
    authors = new Authors(parameters.authors(), products, draws);
    videos = new Videos(parameters, products, authors, draws);
    ids = new ItemIds(parameters, draws);
    personas = new Personas(products, draws);
  }

  /** E-commerce videos by the leaf of what they sell. */
  public LeafRows videoLeaves() {
    byte[] leaf = new byte[videos.ecom];
    for (int v = 0; v < leaf.length; v++) {
      leaf[v] = products.leaf[videos.product[v]];
    }
    return new LeafRows(leaf);
  }
}
