/** How what has to be decided in time sees time, so that a test can be the one that lets it pass. */
package dev.lifeline.gateway.time;
