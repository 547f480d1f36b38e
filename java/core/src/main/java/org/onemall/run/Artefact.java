package org.onemall.run;

/**
 * What a run consists of: every file that a stage leaves for others, once. Which stages read it is
 * said by the stages; the table of ARCHITECTURE.md shows both.
 */
public enum Artefact {
  ITEMS("items.arrow", "ingest"),
  USERS("users.arrow", "ingest"),
  INTERACTIONS("interactions.arrow", "ingest"),
  ROOM_STATES("room_states.arrow", "ingest"),
  PERIODS("periods.json", "ingest"),
  FUNNEL("funnel.json", "ingest"),
  TOWER_EMBEDDINGS("tower_embeddings.arrow", "twotower"),
  ITEM_PAIRS("item_pairs.arrow", "item2item"),
  WATCHING_EVIDENCE("watching_evidence.arrow", "item2item"),
  ITEM_NEIGHBOURS("item_neighbours.arrow", "item2item"),
  TOKENIZER("tokenizer.safetensors", "tokenizer"),
  PICTURE_FEATURES("picture_features.arrow", "tokenizer"),
  TOKENIZER_CARD("tokenizer.json", "tokenizer"),
  ITEM_EMBEDDINGS("item_embeddings.arrow", "embed"),
  ITEM_VECTORS("item_vectors.arrow", "represent"),
  ITEM_FEATURES("item_features.arrow", "represent"),
  REPRESENT_SUMMARY("represent.json", "represent"),
  CODEBOOK("codebook.arrow", "codebook"),
  FSQ("fsq.safetensors", "codebook"),
  CODEBOOK_CARD("codebook.json", "codebook"),
  SEMANTIC_IDS("semantic_ids.arrow", "semanticid"),
  SID_DISTANCES("sid_distances.arrow", "semanticid"),
  SCORECARD("scorecard.json", "semanticid"),
  SID_TREE("sid_tree.json", "semanticid"),
  REQUESTS("requests.arrow", "sample"),
  ITEM_POPULARITY("item_popularity.arrow", "sample"),
  SAMPLE_SUMMARY("sample.json", "sample"),
  RETRIEVER_CHOSEN("retriever_chosen.safetensors", "pretrain"),
  RETRIEVER("retriever.safetensors", "pretrain"),
  RETRIEVER_CARD("retriever.json", "pretrain"),
  TRAINING("training.json", "pretrain"),
  BASELINES("baselines.json", "baseline"),
  ORDER("order.json", "order"),
  EVALUATION("evaluation.json", "evaluate"),
  REPORT_PAGE("report.html", "report"),
  REPORT("report.json", "report");

  private final String fileName;
  private final String stage;

  Artefact(String fileName, String stage) {
    this.fileName = fileName;
    this.stage = stage;
  }

  /** Its name in the folder of the stage. */
  public String fileName() {
    return fileName;
  }

  /** The stage that writes it. */
  public String stage() {
    return stage;
  }

  @Override
  public String toString() {
    return fileName;
  }
}
