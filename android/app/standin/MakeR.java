import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Writes the class R that Android's own tools would make of the resources, so that the app can be compiled without them: MakeR RES OUT. */
final class MakeR {
    private static final Pattern VALUE = Pattern.compile("<(string|style|color|dimen) name=\"([^\"]+)\"");

    public static void main(String[] arguments) throws Exception {
        Path res = Path.of(arguments[0]);
        TreeMap<String, TreeSet<String>> names = new TreeMap<>();
        try (var files = Files.walk(res)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String folder = file.getParent().getFileName().toString().split("-")[0];
                if (folder.equals("values")) {
                    var found = VALUE.matcher(Files.readString(file));
                    while (found.find()) names.computeIfAbsent(found.group(1), of -> new TreeSet<>()).add(found.group(2).replace('.', '_'));
                } else {
                    String name = file.getFileName().toString();
                    names.computeIfAbsent(folder, of -> new TreeSet<>()).add(name.substring(0, name.indexOf('.')));
                }
            }
        }
        StringBuilder source = new StringBuilder("package kinfolio.app\n\n/** Made from the resources. */\nobject R {\n");
        int number = 0x7f000000;
        for (var kind : names.entrySet()) {
            source.append("    object ").append(kind.getKey()).append(" {\n");
            for (String name : kind.getValue()) source.append("        const val ").append(name).append(" = ").append(number++).append('\n');
            source.append("    }\n");
        }
        Path out = Path.of(arguments[1]);
        Files.createDirectories(out);
        Files.writeString(out.resolve("R.kt"), source.append("}\n"));
    }
}
