package org.onemall.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts the page together: a template with its style, its script, the chart library and the data,
 * all inline. Text of the data reaches the page as JSON that cannot end its element, and the script
 * shows it as text nodes only.
 */
final class Page {
  private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
  private static final Pattern SLOT = Pattern.compile("\\{\\{(\\w+)}}");

  /** One concept each; the last draws the page from what the others define. */
  static final List<String> SCRIPTS =
      List.of(
          "base.js",
          "charts.js",
          "words.js",
          "results.js",
          "slices.js",
          "data.js",
          "sids.js",
          "rooms.js",
          "people.js",
          "explorer.js",
          "made.js",
          "page.js");

  private Page() {}

  /** The page of a run; {@code data} and {@code provenance} are JSON. */
  static String html(String name, String data, String provenance) throws IOException {
    return fill(
        resource("page.html"),
        Map.of(
            "title", text(name),
            "style", resource("page.css"),
            "echarts", resource(ECHARTS),
            "data", inScript(data),
            "provenance", inScript(provenance),
            "script", script()));
  }

  private static String script() throws IOException {
    StringBuilder script = new StringBuilder();
    for (String part : SCRIPTS) {
      script.append(resource(part));
    }
    return script.toString();
  }

  /** One pass: what is filled in is not looked at again. */
  private static String fill(String template, Map<String, String> values) {
    return SLOT.matcher(template)
        .replaceAll(match -> {
          @Nullable String value = values.get(match.group(1));
          if (value == null) {
            throw new IllegalStateException("page.html: no value for " + match.group());
          }
          return Matcher.quoteReplacement(value);
        });
  }

  /** JSON whose {@code <} and {@code >} are escaped: no end tag, no comment can appear in it. */
  private static String inScript(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("report: " + name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
