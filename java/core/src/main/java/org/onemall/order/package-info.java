/**
 * In: the candidates of requests with what each part of the model says of them, and validation
 * requests whose targets are known. Out: the final order of candidates, chosen on validation, as an
 * artefact that evaluation, bulk recommendations and serving share.
 */
@NullMarked
package org.onemall.order;

import org.jspecify.annotations.NullMarked;
