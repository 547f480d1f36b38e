package org.onemall.retrieve;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.onemall.run.JsonFile;
import org.onemall.sample.SampleConfig;
import org.onemall.shop.Scenario;

/**
 * What a retriever's weights are: all that is needed to open them again, so that nobody who has a
 * finished run needs its config.
 *
 * @param scenario that it retrieves for
 * @param items that it has embeddings of: those that were there when it was trained; the ids of
 *     later ones say nothing to it
 * @param codeSizes codes of each level
 * @param vectorWidth of the item vectors
 * @param scenarios that items belong to
 * @param sample how its inputs are assembled
 * @param network sizes and switches
 */
public record RetrieverCard(
    Scenario scenario,
    int items,
    List<Integer> codeSizes,
    int vectorWidth,
    int scenarios,
    SampleConfig sample,
    RetrieverConfig network) {
  public RetrieverCard {
    codeSizes = List.copyOf(codeSizes);
  }

  /** The card of a retriever that is to be trained on some tables. */
  public static RetrieverCard of(
      Scenario scenario, RetrievalTables tables, SampleConfig sample, RetrieverConfig network)
      throws IOException {
    return new RetrieverCard(
        scenario,
        tables.knownItems(),
        IntStream.of(tables.sids().sizes()).boxed().toList(),
        tables.vectorWidth(),
        tables.scenarios(),
        sample,
        network);
  }

  /** Reads {@link #write}. */
  public static RetrieverCard read(Path file) throws IOException {
    return JsonFile.read(file, RetrieverCard.class);
  }

  /** Writes it as JSON. */
  public void write(OutputStream out) throws IOException {
    JsonFile.write(this, out);
  }

  /** What the network is opened with. */
  RetrieverShape shape() {
    return new RetrieverShape(
        network, items, codeSizes, vectorWidth, sample.neighbours(), scenarios, sample.behaviors());
  }
}
