package org.onemall.run;

/**
 * The code that runs, as far as artefacts are concerned.
 *
 * @param hash of all its sources
 * @param keepsOthers whether what another version made of the same recipe is kept, and not made
 *     again
 */
public record CodeVersion(String hash, boolean keepsOthers) {
  /** Whether a finished stage needs no work: it is what this code makes of the recipe, or kept. */
  public boolean accepts(Manifest manifest, Recipe recipe) {
    return manifest.key().equals(recipe.key(hash)) || (keepsOthers && recipe.made(manifest));
  }
}
