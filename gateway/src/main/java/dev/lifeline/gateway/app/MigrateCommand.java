package dev.lifeline.gateway.app;

import dev.lifeline.gateway.migration.ClientStyle;
import dev.lifeline.gateway.migration.ConfigurationFile;
import dev.lifeline.gateway.migration.Conversion;
import dev.lifeline.gateway.migration.Finding;
import dev.lifeline.gateway.migration.UnreadableConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * {@code migrate [FILE…|--stdin] [--client NAME] [--gateway URL] [--write]}: the Streamable version of a client's
 * configuration, on standard output or in its place; what was found goes to standard error.
 *
 * <p>Exit codes: 0 there was nothing to do or it is done, 1 something needs a human, 2 misuse.
 */
final class MigrateCommand {

    private static final int DONE = 0;
    private static final int UNCLEAR = 1;
    private static final int MISUSED = 2;
    private static final String USAGE = "migrate takes FILE... or --stdin, and --client NAME (" + ClientStyle.labels()
            + "), --gateway URL to change only what is there, --write to change the files. Files to look at: ~/.cursor/mcp.json,"
            + " claude_desktop_config.json, .mcp.json and ~/.claude.json, .vscode/mcp.json, servers-config.json.";

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    MigrateCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** What is asked for. */
    private record Task(
            List<String> files, boolean stdin, Optional<ClientStyle> client, Optional<String> gateway, boolean write) {}

    /** A command line that makes no sense. */
    private static final class Misuse extends Exception {

        private static final long serialVersionUID = 1;

        Misuse(String message) {
            super(message);
        }
    }

    int run(List<String> options) {
        try {
            return run(task(options));
        } catch (Misuse misuse) {
            err.println(misuse.getMessage());
            err.println(USAGE);
            return MISUSED;
        }
    }

    private static Task task(List<String> options) throws Misuse {
        List<String> files = new ArrayList<>();
        boolean stdin = false;
        boolean write = false;
        Optional<ClientStyle> client = Optional.empty();
        Optional<String> gateway = Optional.empty();
        Iterator<String> words = options.iterator();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "--stdin" -> stdin = true;
                case "--write" -> write = true;
                case "--client" -> client = Optional.of(client(value(word, words)));
                case "--gateway" -> gateway = Optional.of(value(word, words));
                default -> files.add(file(word));
            }
        }
        if (stdin == !files.isEmpty()) {
            throw new Misuse(stdin ? "Either --stdin or files." : "Which file?");
        }
        if (stdin && write) {
            throw new Misuse("What came by --stdin cannot be written back.");
        }
        return new Task(files, stdin, client, gateway, write);
    }

    private static String value(String option, Iterator<String> words) throws Misuse {
        if (!words.hasNext()) {
            throw new Misuse(option + " needs a value.");
        }
        return words.next();
    }

    private static ClientStyle client(String name) throws Misuse {
        return ClientStyle.labelled(name).orElseThrow(() -> new Misuse("There is no client " + name + "."));
    }

    private static String file(String word) throws Misuse {
        if (word.startsWith("--")) {
            throw new Misuse("There is no option " + word + ".");
        }
        return word;
    }

    private int run(Task task) {
        int code = DONE;
        for (String file : task.stdin() ? List.of("standard input") : task.files()) {
            try {
                code = Math.max(code, task.stdin() ? convertInput(task) : convertFile(task, file));
            } catch (NoSuchFileException missing) {
                err.println(file + ": there is no such file");
                code = UNCLEAR;
            } catch (IOException | UnreadableConfiguration problem) {
                err.println(file + ": " + problem.getMessage());
                code = UNCLEAR;
            }
        }
        return code;
    }

    private int convertInput(Task task) throws IOException {
        Conversion conversion = Conversion.of(
                "standard input", ConfigurationFile.decode(in.readAllBytes()), task.client(), task.gateway());
        report("standard input", conversion);
        print(conversion.text());
        return conversion.isUnclear() ? UNCLEAR : DONE;
    }

    private int convertFile(Task task, String name) throws IOException {
        ConfigurationFile file = ConfigurationFile.read(Path.of(name));
        Conversion conversion =
                Conversion.of(Path.of(name).toAbsolutePath().toString(), file.text(), task.client(), task.gateway());
        report(name, conversion);
        if (!task.write()) {
            if (task.files().size() > 1) {
                out.println("==> " + name + " <==");
            }
            print(conversion.text());
        } else if (conversion.changes()) {
            Path backup = file.replace(conversion.text(), Instant.now());
            err.println("  written; what it was is kept beside it, in " + backup.getFileName());
        } else {
            err.println("  nothing to write");
        }
        return conversion.isUnclear() ? UNCLEAR : DONE;
    }

    private void print(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void report(String file, Conversion conversion) {
        int servers = conversion.findings().size();
        err.println(
                file + ": " + conversion.style().label() + ", " + servers + (servers == 1 ? " server" : " servers"));
        for (Finding finding : conversion.findings()) {
            err.println("  " + finding.server() + ": " + word(finding.kind()) + ", " + finding.why());
            for (Finding.Edit edit : finding.edits()) {
                err.println("    - " + edit.key() + ": " + shown(edit.before()));
                err.println("    + " + edit.key() + ": " + shown(edit.after()));
            }
        }
    }

    private static String word(Finding.Kind kind) {
        return switch (kind) {
            case CHANGED -> "changed";
            case LEFT_ALONE -> "left alone";
            case UNCLEAR -> "needs a look";
        };
    }

    /** Without the query and what stands before an at sign, where tokens may be. */
    private static String shown(String value) {
        return value.replaceAll("\\?.*", "?...").replaceAll("//[^/@]*@", "//...@");
    }
}
