package org.onemall.ingest.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of the source are called. Without {@code request}, a user's events of one moment
 * are one request; without {@code quantity}, an event counts once; without {@code price}, prices
 * and amounts are 0; without {@code title}, an item is called by its id; without {@code behavior},
 * every event is a buy; without {@code position}, the items of a request have no order of their
 * own.
 */
public record ColumnsConfig(
    String user,
    String item,
    String time,
    @Nullable String request,
    @Nullable String title,
    @Nullable String price,
    @Nullable String quantity,
    @Nullable String category,
    @Nullable String shop,
    @Nullable String behavior,
    @Nullable String position) {

  /** The columns that the source must have. */
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of(user, item, time));
    for (@Nullable String name :
        new @Nullable String[] {
          request, title, price, quantity, category, shop, behavior, position
        }) {
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }
}
