package org.onemall.mall;

import java.util.List;
import org.onemall.shop.Scenario;

/** Everything about a world that does not change over its days; made from parameters alone. */
final class World {
  /** A scenario's number inside the world is its place here. */
  static final List<Scenario> SCENARIOS = List.of(Scenario.values());

  final WorldParameters parameters;
  final Draws draws;
  final Taxonomy taxonomy;
  final Catalogue catalogue;
  final Authors authors;
  final Videos videos;
  final ItemIds ids;
  final Personas personas;

  World(WorldParameters parameters) {
    this.parameters = parameters;
    draws = new Draws(parameters.seed());
    taxonomy = new Taxonomy();
    catalogue = new Catalogue(parameters, taxonomy, draws);
    authors = new Authors(parameters.authors(), catalogue, draws);
    videos = new Videos(parameters, catalogue, authors, draws);
    ids = new ItemIds(parameters, draws);
    personas = new Personas(catalogue, draws);
  }

  /** E-commerce videos by the leaf of what they sell. */
  LeafRows videoLeaves() {
    byte[] leaf = new byte[videos.ecom];
    for (int v = 0; v < leaf.length; v++) {
      leaf[v] = catalogue.leaf[videos.product[v]];
    }
    return new LeafRows(leaf);
  }
}
