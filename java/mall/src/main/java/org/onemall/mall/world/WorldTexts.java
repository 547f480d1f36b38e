package org.onemall.mall.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Titles, what stands in a video's picture (OCR) and what is said in it (ASR). Each is a function
 * of its item alone.
 */
public final class WorldTexts {
  private static final int PRODUCT = 1;
  private static final int VIDEO = 2;
  private static final int ENTERTAINMENT = 3;
  private static final int ROOM = 4;
  private static final int MOST_SPOKEN = 30;
  private static final String[] OPENINGS = {
    "hello everyone welcome back",
    "hi friends it is me again",
    "good evening my dear friends",
    "today I want to show you something",
    "you asked me for this one"
  };
  private static final String[] FILLERS = {
    "look at the details here",
    "I have used it for a week",
    "my sister has one too",
    "you can see it from all sides",
    "let me turn it around for you",
    "write me if you have a question",
    "it is really worth it"
  };
  private static final String[] CLOSINGS = {
    "tap the link below", "see you next time", "do not miss it", "thank you for watching"
  };
  private static final String[] STORIES = {
    "my week with",
    "five ideas for",
    "what nobody tells you about",
    "a day with",
    "trying out",
    "the truth about"
  };

  private final World world;

  public WorldTexts(World world) {
    this.world = world;
  }

  private Dice dice(int kind, int row) {
    return world.draws.dice(DrawPurpose.TEXT, kind, row);
  }

  public String productTitle(int p) {
    return String.join(" ", titleTokens(p));
  }

  private List<String> titleTokens(int p) {
    Dice dice = dice(PRODUCT, p);
    Products c = world.products;
    List<String> tokens = new ArrayList<>();
    int leaf = c.leaf[p];
    maybe(0.85, AttributeWords.brand(c.brand[p]), tokens, dice);
    maybe(0.70, dice.one(AttributeWords.STYLES[c.style[p]]), tokens, dice);
    maybe(0.60, dice.one(AttributeWords.COLOURS[c.colour[p]]), tokens, dice);
    String[] pattern = AttributeWords.PATTERNS[c.pattern[p]];
    if (pattern.length > 0) {
      maybe(0.60, dice.one(pattern), tokens, dice);
    }
    maybe(0.70, AttributeWords.MATERIALS[c.material[p]], tokens, dice);
    boolean vague = dice.chance(0.08);
    String noun = noun(leaf, dice);
    String top = world.taxonomy.topName(Taxonomy.top(leaf)).toLowerCase(Locale.ROOT);
    tokens.add(vague ? top + " item" : noun);
    maybe(0.30, "for " + AttributeWords.USES[c.use[p]], tokens, dice);
    maybe(0.08, world.taxonomy.noun(dice.index(Taxonomy.LEAVES)), tokens, dice);
    maybe(0.50, dice.one(AttributeWords.SELLING), tokens, dice);
    return tokens;
  }

  private static void maybe(double probability, String text, List<String> tokens, Dice dice) {
    if (dice.chance(probability)) {
      tokens.add(text);
    }
  }

  private String noun(int leaf, Dice dice) {
    return dice.chance(0.60) ? world.taxonomy.noun(leaf) : world.taxonomy.synonym(leaf);
  }

  /** A generator that is {@code part} draws further: title, OCR and ASR don't share draws. */
  private Dice videoDice(int video, int part) {
    return dice(VIDEO + 10 * part, video);
  }

  public String videoTitle(int video) {
    Dice dice = videoDice(video, 1);
    int p = world.videos.product[video];
    Products c = world.products;
    String noun = dice.chance(0.5) ? noun(c.leaf[p], dice) : "this";
    String style = dice.one(AttributeWords.STYLES[c.style[p]]);
    return switch (dice.index(3)) {
      case 0 -> creator(video) + " shows " + noun;
      case 1 -> style + " find" + (noun.equals("this") ? "" : " " + noun);
      default ->
          "must have " + AttributeWords.USES[c.use[p]] + (noun.equals("this") ? "" : " " + noun);
    };
  }

  public String videoOcr(int video) {
    Dice dice = videoDice(video, 2);
    int p = world.videos.product[video];
    List<String> tokens = new ArrayList<>();
    maybe(0.7, String.format(Locale.ROOT, "%.2f yuan", world.products.yuan(p)), tokens, dice);
    List<String> title = titleTokens(p);
    for (int i = 0; i < 2; i++) {
      maybe(0.7, title.get(dice.index(title.size())), tokens, dice);
    }
    return String.join(" ", tokens);
  }

  public String videoAsr(int video) {
    Dice dice = videoDice(video, 3);
    int p = world.videos.product[video];
    Products c = world.products;
    List<String> said = new ArrayList<>();
    said.add(dice.one(OPENINGS));
    maybe(0.5, "it is a " + noun(c.leaf[p], dice), said, dice);
    maybe(0.5, "very " + dice.one(AttributeWords.STYLES[c.style[p]]), said, dice);
    maybe(0.5, "in " + dice.one(AttributeWords.COLOURS[c.colour[p]]), said, dice);
    String[] pattern = AttributeWords.PATTERNS[c.pattern[p]];
    if (pattern.length > 0) {
      maybe(0.5, dice.one(pattern), said, dice);
    }
    maybe(0.5, "made of " + AttributeWords.MATERIALS[c.material[p]], said, dice);
    maybe(0.5, "for " + AttributeWords.USES[c.use[p]], said, dice);
    maybe(0.5, "from " + AttributeWords.brand(c.brand[p]), said, dice);
    if (dice.chance(0.15)) {
      int other = dice.index(c.size());
      String colour = dice.one(AttributeWords.COLOURS[c.colour[other]]);
      said.add("not like the " + colour + " " + world.taxonomy.noun(c.leaf[other]));
    }
    return speech(said, dice);
  }

  /** Fills up with phrases that say nothing, to between 12 and {@value #MOST_SPOKEN} words. */
  private static String speech(List<String> said, Dice dice) {
    do {
      said.add(dice.one(FILLERS));
    } while (words(said) < 12 || (words(said) < 20 && dice.chance(0.4)));
    said.add(dice.one(CLOSINGS));
    String[] words = String.join(" ", said).split(" ");
    return String.join(" ", List.of(words).subList(0, Math.min(MOST_SPOKEN, words.length)));
  }

  private static int words(List<String> said) {
    int words = 0;
    for (String phrase : said) {
      words += phrase.split(" ").length;
    }
    return words;
  }

  private String topic(int entertainmentVideo, Dice dice) {
    Videos v = world.videos;
    String colour = dice.one(AttributeWords.COLOURS[v.topicColour[entertainmentVideo]]);
    String noun = noun(v.topicLeaf[entertainmentVideo], dice);
    String category =
        AttributeWords.ENTERTAINMENT[v.category[entertainmentVideo]].toLowerCase(Locale.ROOT);
    String what = dice.chance(0.7) ? noun : category;
    return dice.chance(0.5) ? colour + " " + what : what;
  }

  public String entertainmentTitle(int entertainmentVideo) {
    Dice dice = dice(ENTERTAINMENT, entertainmentVideo);
    return dice.one(STORIES) + " " + topic(entertainmentVideo, dice);
  }

  public String entertainmentAsr(int entertainmentVideo) {
    Dice dice = dice(ENTERTAINMENT + 10, entertainmentVideo);
    List<String> said = new ArrayList<>();
    said.add(dice.one(OPENINGS));
    said.add(dice.one(STORIES) + " " + topic(entertainmentVideo, dice));
    return speech(said, dice);
  }

  public String roomTitle(int author) {
    Dice dice = dice(ROOM, author);
    Authors a = world.authors;
    String style = dice.one(AttributeWords.STYLES[a.style[author]]);
    String top = world.taxonomy.topName(a.top[author]).toLowerCase(Locale.ROOT);
    return AttributeWords.person(author) + " live " + style + " " + top;
  }

  private String creator(int video) {
    return AttributeWords.person(world.videos.creator[video]);
  }
}
