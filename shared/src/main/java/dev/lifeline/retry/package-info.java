/** When and how often to try again. Pure: time and chance are handed in. */
package dev.lifeline.retry;
