package dev.lifeline.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the file: a flat YAML mapping. Works on the nodes and builds no objects of them, so that each value keeps its
 * line and its text (YAML would make 1000 of 1_000 and true of yes, {@link Kind} decides here) and no tag can ask for
 * a class.
 */
final class ConfigFile {

    private static final int LARGEST = 1 << 20;

    private final Map<String, Values.Given> given = new HashMap<>();
    private final String name;
    private final Collection<Problem> problems;

    ConfigFile(Path path, Collection<Problem> problems) {
        this.name = path.toString();
        this.problems = problems;
        text(path).ifPresent(this::parse);
    }

    Map<String, Values.Given> given() {
        return given;
    }

    private Optional<String> text(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length <= LARGEST) {
                return Optional.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            }
            refuse(name, "is larger than a configuration can be; expected at most 1MiB");
        } catch (CharacterCodingException notUtf8) {
            refuse(name, "is not UTF-8");
        } catch (IOException unreadable) {
            refuse(name, "cannot be read (" + unreadable.getClass().getSimpleName() + ")");
        }
        return Optional.empty();
    }

    private void parse(String text) {
        try {
            Node root = yaml().compose(new StringReader(text));
            if (root instanceof MappingNode mapping) {
                mapping.getValue().forEach(this::entry);
            } else if (root != null && root.getTag() != Tag.NULL) {
                refuse(at(root), "expected lines like port: 8080");
            }
        } catch (MarkedYAMLException malformed) {
            // Not the whole message: it quotes the lines around the fault, where a password may stand.
            refuse(name + " line " + (malformed.getProblemMark().getLine() + 1), "not YAML: " + unquoted(malformed));
        } catch (YAMLException malformed) {
            refuse(name, "not YAML that a configuration needs: too deep, too many aliases or strange characters");
        }
    }

    /** What the parser stumbled over, without the name in it: {@code *name} may be a password that lacks its quotes. */
    private static String unquoted(MarkedYAMLException malformed) {
        return String.valueOf(malformed.getProblem()).replaceAll("(?s)(alias|anchor|handle) .*", "$1");
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(8);
        return new Yaml(new SafeConstructor(options));
    }

    private void entry(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            refuse(at(tuple.getKeyNode()), "a key must be a plain name");
            return;
        }
        Optional<Option<?>> known = Options.byKey(key.getValue()).filter(option -> option != OperationOptions.CONFIG);
        if (known.isEmpty()) {
            refuse(at(key), "there is no key " + Problem.quote(key.getValue()) + " for a file" + hint(key.getValue()));
        } else if (given.containsKey(key.getValue())) {
            refuse(
                    at(key),
                    key.getValue() + " stands here a second time; before, at "
                            + given.get(key.getValue()).origin());
        } else {
            value(known.get(), tuple.getValueNode())
                    .ifPresent(text -> given.put(key.getValue(), new Values.Given(text, origin(key))));
        }
    }

    private Optional<String> value(Option<?> option, Node node) {
        Optional<String> text = option.kind().many() && node instanceof SequenceNode list
                ? items(option.kind().separator(), list)
                : scalar(node);
        if (text.isEmpty()) {
            refuse(
                    at(node),
                    option.key() + " has no value that can be used; expected "
                            + option.kind().expected());
        }
        return text;
    }

    private static Optional<String> items(String separator, SequenceNode list) {
        return list.getValue().stream().allMatch(item -> scalar(item).isPresent())
                ? Optional.of(list.getValue().stream()
                        .flatMap(item -> scalar(item).stream())
                        .collect(Collectors.joining(separator)))
                : Optional.empty();
    }

    /** A key with nothing after it is a question, not an answer; an empty text is written "". */
    private static Optional<String> scalar(Node node) {
        return node instanceof ScalarNode scalar && !Tag.NULL.equals(node.getTag())
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }

    private static String hint(String key) {
        Map<String, String> names = Options.spellings(Option::key);
        names.values().removeIf(OperationOptions.CONFIG.key()::equals);
        return Spelling.hint(key, names);
    }

    private Origin origin(Node node) {
        return new Origin.FileLine(name, node.getStartMark().getLine() + 1);
    }

    private String at(Node node) {
        return origin(node).toString();
    }

    private void refuse(String where, String what) {
        problems.add(new Problem(where, what));
    }
}
