/** In: small tables and pictures. Out: what core and the real networks make of them together. */
@NullMarked
package org.onemall.boundary;

import org.jspecify.annotations.NullMarked;
