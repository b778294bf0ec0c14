package dev.lifeline.gateway.config;

/** Where a value came from, in the words of the person who wrote it there. */
sealed interface Origin {

    /** Nowhere: nobody gave one. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /** A line of the file. */
    record FileLine(String file, int line) implements Origin {
        @Override
        public String toString() {
            return file + " line " + line;
        }
    }

    /** An environment variable. */
    record Environment(String name) implements Origin {
        @Override
        public String toString() {
            return "environment " + name;
        }
    }

    /** A flag of the command line. */
    record Flag(String name) implements Origin {
        @Override
        public String toString() {
            return "flag " + name;
        }
    }
}
