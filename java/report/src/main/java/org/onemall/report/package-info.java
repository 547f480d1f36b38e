/**
 * In: what earlier stages wrote about the data, the SIDs, training and evaluation. Out: {@code
 * report.json}, and {@code report.html}: one page for people that needs no network.
 */
@NullMarked
package org.onemall.report;

import org.jspecify.annotations.NullMarked;
