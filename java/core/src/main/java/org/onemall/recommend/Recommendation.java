package org.onemall.recommend;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.onemall.order.Part;

/**
 * One recommended item.
 *
 * @param rank from 1
 * @param item its external id
 * @param score of the final order; only its order within one list means something
 * @param sid the codes of its Semantic ID at the moment
 * @param sources what made it a candidate, at least one
 * @param parts what each part of the final order added to the score; parts without weight are left
 *     out
 */
public record Recommendation(
    int rank,
    String item,
    float score,
    List<Integer> sid,
    List<Source> sources,
    Map<Part, Double> parts) {

  /** What makes an item a candidate. */
  public enum Source {
    /** The beam found its SID. */
    GENERATOR,
    /** The user had it before. */
    HISTORY,
    /** It goes with what the user had lately. */
    NEIGHBOUR;

    /** The word in tables. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Recommendation {
    sid = List.copyOf(sid);
    sources = List.copyOf(sources);
    parts = Map.copyOf(parts);
  }

  /** The SID as text, such as {@code 12-3-40}. */
  public String sidText() {
    return sid.stream().map(String::valueOf).collect(Collectors.joining("-"));
  }

  /** The sources as text, such as {@code generator+history}. */
  public String sourcesText() {
    return sources.stream().map(Source::key).collect(Collectors.joining("+"));
  }
}
