package org.onemall.run;

/** Which artefact of which stage folder, with which hash, a stage was fed. */
public record StageInput(String folder, String artefact, String sha256) {}
