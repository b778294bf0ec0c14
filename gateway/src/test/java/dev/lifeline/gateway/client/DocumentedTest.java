package dev.lifeline.gateway.client;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RunningGateway;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in {@code docs/clients-java.md} is compiled, and the first of it is run. */
class DocumentedTest {

    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("public class (\\w+)");
    private static final int EXAMPLES = 3;

    @Test
    void theExamplesCompileAndTheFirstDoesWhatItSays(@TempDir Path folder) throws Exception {
        compile(folder, examples(folder));

        Vertx vertx = Vertx.vertx();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RunningGateway gateway = RunningGateway.with();
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Method follow = loader.loadClass("Follow")
                    .getDeclaredMethod("follow", Vertx.class, String.class, PrintStream.class);
            follow.setAccessible(true);
            follow.invoke(null, vertx, "http://127.0.0.1:" + gateway.port() + "/events/a", new PrintStream(out, true));
            eventually("it is connected", () -> out.toString().contains("is CONNECTED"));
            gateway.publish("a", "hello");
            eventually("it is told", () -> out.toString().contains("message: hello"));
        } finally {
            await(vertx.close());
        }

        assertThat(out.toString()).startsWith("is CONNECTING");
    }

    private static List<Path> examples(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "docs", "clients-java.md")));
        while (block.find()) {
            Matcher name = NAME.matcher(block.group(1));
            assertThat(name.find()).as(block.group(1)).isTrue();
            files.add(Files.writeString(folder.resolve(name.group(1) + ".java"), block.group(1)));
        }
        assertThat(files).hasSize(EXAMPLES);
        return files;
    }

    private static void compile(Path folder, List<Path> files) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            manager,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-d",
                                    folder.toString(),
                                    "-cp",
                                    System.getProperty("java.class.path")),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }
}
