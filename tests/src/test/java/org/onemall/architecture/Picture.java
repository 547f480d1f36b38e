package org.onemall.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mermaid flowchart read as a rule. {@code a --> b & c} says that a may use b and c; an arrow
 * from or to a subgraph holds for its members. A drawn arrow must have a use, a use must be drawn.
 */
record Picture(Map<String, Set<String>> groups, List<Arrow> arrows) {
  private static final Pattern BLOCK = Pattern.compile("```mermaid\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SUBGRAPH = Pattern.compile("subgraph (\\w+).*");
  private static final Pattern ARROW = Pattern.compile("([\\w &]+?)\\s*-->\\s*([\\w &]+)");

  /** One drawn arrow, between nodes or groups. */
  record Arrow(String from, String to) {
    @Override
    public String toString() {
      return from + " --> " + to;
    }
  }

  /** The {@code index}-th mermaid block of a Markdown text. */
  static Picture of(String markdown, int index) {
    Matcher blocks = BLOCK.matcher(markdown);
    for (int i = 0; blocks.find(); i++) {
      if (i == index) {
        return parse(blocks.group(1));
      }
    }
    throw new IllegalArgumentException("no mermaid picture number " + (index + 1) + " in the text");
  }

  private static Picture parse(String block) {
    Map<String, Set<String>> groups = new TreeMap<>();
    List<Arrow> arrows = new ArrayList<>();
    String open = null;
    for (String raw : block.split("\n", -1)) {
      String line = raw.strip();
      Matcher subgraph = SUBGRAPH.matcher(line);
      Matcher arrow = ARROW.matcher(line);
      if (subgraph.matches()) {
        open = subgraph.group(1);
        groups.put(open, new TreeSet<>());
      } else if (line.equals("end")) {
        open = null;
      } else if (arrow.matches()) {
        for (String from : arrow.group(1).split("&", -1)) {
          for (String to : arrow.group(2).split("&", -1)) {
            arrows.add(new Arrow(from.strip(), to.strip()));
          }
        }
      } else if (open != null && !line.isEmpty()) {
        for (String node : line.split("[&;]", -1)) {
          groups.get(open).add(node.strip());
        }
      }
    }
    return new Picture(groups, arrows);
  }

  /** What differs between the picture and the real uses ({@code from -> used}). */
  SortedSet<String> differences(Map<String, Set<String>> uses) {
    SortedSet<String> found = new TreeSet<>();
    uses.forEach((from, tos) ->
        tos.forEach(to -> {
          if (arrows.stream().noneMatch(arrow -> covers(arrow, from, to))) {
            found.add(from + " uses " + to + ", but the picture draws no such arrow");
          }
        }));
    for (Arrow arrow : arrows) {
      boolean used =
          uses.entrySet().stream()
              .anyMatch(e -> e.getValue().stream().anyMatch(to -> covers(arrow, e.getKey(), to)));
      if (!used) {
        found.add("the picture draws " + arrow + ", but nobody uses it");
      }
    }
    return found;
  }

  private boolean covers(Arrow arrow, String from, String to) {
    return members(arrow.from()).contains(from) && members(arrow.to()).contains(to);
  }

  private Set<String> members(String name) {
    return groups.getOrDefault(name, Set.of(name));
  }
}
