/** What operators see of all nodes: their reports, their connections, sessions and streams, and all of it live. */
package dev.lifeline.gateway.dashboard;
