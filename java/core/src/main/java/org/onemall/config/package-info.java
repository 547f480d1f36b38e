/**
 * In: a YAML file and overrides from the command line. Out: records of settings that have checked
 * themselves, or every problem of the file at once; and such records as YAML and JSON again.
 */
@NullMarked
package org.onemall.config;

import org.jspecify.annotations.NullMarked;
