/** Violations, one of each kind, that the rules must find. */
package org.onemall.architecture.planted;
